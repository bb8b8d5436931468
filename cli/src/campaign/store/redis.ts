// Campaigns and their ledger in one Redis, for many machines. The ledger refuses a server that may lose confirmed writes.

import { redisLedger } from "agentphone-wasm/ledger";
import { Redis } from "ioredis";
import { withoutNumbers } from "../core/numbers.js";
import { redisBroker } from "../queue/redis.js";
import { withQueue } from "../queue/with-queue.js";
import {
  type Campaign,
  type CampaignState,
  FINAL,
  OPEN,
  type Person,
  type PersonState,
  type Settings,
} from "../types.js";
import { StoreError } from "./error.js";
import { failed } from "./redis-errors.js";
import * as scripts from "./redis-script.js";
import { type CampaignData, FORMAT, noCounts, type OpenOptions, type QueueingStore } from "./store.js";

const PREFIX = "agentphone-campaign";
const LIST = `${PREFIX}s`;
const VERSION = `${PREFIX}-format`;
/** Time limit of a command in milliseconds. */
const TIMEOUT = 10_000;
const STALE_DRAFT = 60_000;
/** People per script call, because a script blocks all other clients. */
const BATCH = 500;

const STATES: readonly PersonState[] = [...OPEN, ...FINAL];

const numberOrNull = (text: string | undefined): number | null => (text ? Number(text) : null);

const campaignOf = (id: string, found: Readonly<Record<string, string>>): Campaign => ({
  id,
  state: found.state as CampaignState,
  reason: found.reason || null,
  settings: JSON.parse(found.settings ?? "{}") as Settings,
  plan: found.plan ? JSON.parse(found.plan) : null,
  createdAt: Number(found.createdAt),
  startedAt: numberOrNull(found.startedAt),
  endedAt: numberOrNull(found.endedAt),
  workerAt: Number(found.workerAt),
  slowUntil: Number(found.slowUntil),
  rateAt: Number(found.rateAt),
});

/** Lua would convert an empty list to an empty object, so values that scripts do not read stay JSON text. */
const personOf = (text: string): Person => {
  const found = JSON.parse(text);
  return {
    ...found,
    numberId: found.numberId || null,
    variables: JSON.parse(found.variables),
    history: JSON.parse(found.history),
  };
};

export const redisStore = async (url: string, { create = true }: OpenOptions = {}): Promise<QueueingStore> => {
  const redis = new Redis(url, { commandTimeout: TIMEOUT, maxRetriesPerRequest: 2, lazyConnect: true });
  const database = Number(redis.options.db ?? 0);
  if (!Number.isInteger(database))
    throw new StoreError("STORE_CONFIGURATION", "the database of a Redis is a number: redis://HOST:PORT/NUMBER");
  // Without a listener each lost connection is printed; commands reject anyway.
  redis.on("error", () => {});
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failed(error);
    }
  };
  const baseOf = (id: string): string => `{${PREFIX}:${id}}`;
  const run = <T>(script: string, id: string, ...values: (string | number)[]): Promise<T> =>
    guarded(() => redis.eval(script, 1, baseOf(id), ...values) as Promise<T>);
  const read = (id: string): Promise<Record<string, string>> => guarded(() => redis.hgetall(`${baseOf(id)}:campaign`));

  const take: QueueingStore["take"] = async (id, { seq, places, token, now, lease }) => {
    const [text, state, isTaken] = await run<string[]>(scripts.TAKE, id, now, seq, token, now + lease, places ?? -1);
    if (text === undefined) return undefined;
    const person = personOf(text);
    if (isTaken === "1") return { person: { ...person, token, dueAt: now + lease }, state: state as CampaignState };
    const isOpen = person.state === "waiting" || person.state === "placing";
    return isOpen && person.dueAt > now ? { dueAt: person.dueAt } : undefined;
  };

  const due: QueueingStore["due"] = async (id, { now, until, limit, places }) => {
    const numbers = JSON.stringify(places?.numberIds ?? [""]);
    const [lapsed, ...people] = await run<string[]>(
      scripts.DUE,
      id,
      now,
      until,
      limit,
      numbers,
      places?.perNumber ?? -1,
    );
    const all = people.map(personOf);
    return { lapsed: all.slice(0, Number(lapsed)), waiting: all.slice(Number(lapsed)) };
  };

  const repeated = async (script: string, id: string, ...values: (string | number)[]): Promise<number> => {
    for (let count = 0; ; ) {
      const moved = Number(await run<number>(script, id, ...values, BATCH));
      count += moved;
      if (moved === 0) return count;
    }
  };

  const store: CampaignData & Pick<QueueingStore, "take" | "due"> = {
    ledger: redisLedger(redis),
    create: async (id, settings, now) => {
      const made = await run<number>(scripts.CREATE, id, JSON.stringify(settings), now, now - STALE_DRAFT);
      if (made === 1) await guarded(() => redis.zadd(LIST, now, id));
      return made === 1;
    },
    add: async (id, people, now) => {
      const found = await read(id);
      const numbers = JSON.stringify((JSON.parse(found.settings ?? "{}") as Settings).message?.numberIds ?? []);
      const texts = people.map(({ recipient, zone, variables, line, skip }) =>
        JSON.stringify({
          recipient,
          zone,
          variables: JSON.stringify(variables),
          line,
          state: skip ? "skipped" : "waiting",
          reason: skip ?? null,
          round: 0,
          resultId: null,
          numberId: "",
          tries: 0,
          dueAt: 0,
          placedAt: 0,
          updatedAt: now,
          seconds: null,
          token: "",
          history: "[]",
        }),
      );
      const isNew = await run<number[]>(scripts.ADD, id, JSON.stringify(texts), now, numbers);
      return isNew.map((each) => each === 1);
    },
    publish: async (id, plan) => {
      await guarded(() => redis.hset(`${baseOf(id)}:campaign`, "plan", JSON.stringify(plan), "workerAt", "0"));
      await run(scripts.MOVE, id, JSON.stringify(["draft"]), "planned", "", 0, "");
    },
    remove: async (id, only) => {
      const { settings } = await read(id);
      const { numberIds = [], releasedNumberIds = [] } =
        settings === undefined ? {} : (JSON.parse(settings) as Settings).message;
      const numbers = [...numberIds, ...releasedNumberIds];
      const names = ["campaign", "people", "recipients", "leases", "busy", "doubts", "placed", "due:"];
      const keys = [...names, ...numbers.map((each) => `due:${each}`), ...STATES.map((state) => `S:${state}`)];
      const removed = await run<number>(scripts.REMOVE, id, only ?? "", JSON.stringify(keys));
      if (removed === 1) await guarded(() => redis.zrem(LIST, id));
    },
    get: async (id) => {
      const found = await read(id);
      return found.state === undefined ? undefined : campaignOf(id, found);
    },
    list: async () => {
      const all: Campaign[] = [];
      for (const id of await guarded(() => redis.zrevrange(LIST, 0, -1))) {
        const found = await read(id);
        if (found.state !== undefined) all.push(campaignOf(id, found));
      }
      return all;
    },
    move: async (id, from, to, reason, now) => {
      const end = to === "done" || to === "stopped" ? String(now) : "";
      return (await run<number>(scripts.MOVE, id, JSON.stringify(from), to, reason ?? "", now, end)) === 1;
    },
    take,
    due,
    record: async (id, changes, now) => {
      if (changes.length === 0) return [];
      const texts = JSON.stringify(changes.map((change) => JSON.stringify(change)));
      return (await run<number[]>(scripts.RECORD, id, texts, now)).map((each) => each === 1);
    },
    slow: async (id, until) => void (await run(scripts.SLOW, id, until)),
    people: async (id, { states = STATES, after = 0, limit }) =>
      (await run<string[]>(scripts.PEOPLE, id, JSON.stringify(states), after, limit)).map(personOf),
    counts: async (id) => {
      const counts = noCounts();
      const found = await guarded(() => Promise.all(STATES.map((state) => redis.zcard(`${baseOf(id)}:S:${state}`))));
      for (const [at, state] of STATES.entries()) counts[state] = found[at] ?? 0;
      return counts;
    },
    placedSince: (id, since) => guarded(() => redis.zcount(`${baseOf(id)}:placed`, `(${since}`, "+inf")),
    retry: async (id, states, now) => {
      let count = 0;
      for (const state of states) count += await repeated(scripts.RETRY, id, state, now);
      return count;
    },
    dropNumbers: async (id, numberIds) => {
      for (;;) {
        const { settings } = await read(id);
        const changed = settings === undefined ? undefined : withoutNumbers(JSON.parse(settings), numberIds);
        if (settings === undefined || changed === undefined) return false;
        if ((await run<number>(scripts.SETTINGS, id, settings, JSON.stringify(changed))) === 1) return true;
      }
    },
    waitingFor: async (id, numberIds, limit) =>
      (await run<string[]>(scripts.WAITING, id, JSON.stringify(numberIds), limit)).map(personOf),
    abandon: async (id, now) => void (await repeated(scripts.ABANDON, id, now)),
    turn: async (id, worker, now, until) => (await run<number>(scripts.TURN, id, worker, now, until)) === 1,
    close: async () => redis.disconnect(),
  };
  try {
    // ioredis would continue with database 0 if the one of the address does not exist.
    await guarded(() => redis.select(database));
    if (create) await guarded(() => redis.setnx(VERSION, FORMAT));
    const found = await guarded(() => redis.get(VERSION));
    if (found === null) throw new StoreError("STORE_MISSING", "this Redis has no campaigns yet");
    const version = Number(found);
    if (version !== FORMAT)
      throw new StoreError(
        "STORE_VERSION",
        `the store has campaigns of version ${version}; this program has version ${FORMAT}. Use the version that wrote them`,
      );
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return withQueue(store, redisBroker(url, redis, baseOf, failed));
};
