// `agentphone wait-for`: waits for an incoming text or call. It polls the API, so it needs no public address; an end-to-end test
// can wait for its one-time code with it.

import { setTimeout as pause } from "node:timers/promises";
import type { AgentPhone, RequestOptions } from "agentphone-wasm";
import { requestOptions, withConnection } from "../connection.js";
import { CommandError, EXIT, usage } from "../failure.js";
import type { Context } from "../settings.js";

/** Defaults in seconds: time limit, and interval between two polls. The API allows 100 requests per minute. */
const TIMEOUT = 300;
const EVERY = 2;
/** Threads and calls that one poll reads. */
const SEEN = 100;

interface Options {
  readonly timeout?: number;
  readonly every?: number;
  readonly from?: string;
  readonly to?: string;
  readonly match?: string;
  /** Also accepts what arrived up to this many seconds ago. */
  readonly since?: number;
  readonly call?: string;
}

type Found = Record<string, unknown>;
/** One poll: returns what has arrived since the last one. */
type Look = () => Promise<Found[]>;

/** A number as its digits, however it is written; an email address as it is. */
const plain = (text: unknown): string => {
  const address = String(text ?? "").trim();
  return address.includes("@") ? address.toLowerCase() : address.replaceAll(/[^\da-z]/gi, "");
};
/** Ten digits are a number of the US or Canada without its country code: it would wait in vain. */
const isSame = (one: unknown, wanted: string | undefined): boolean => {
  if (wanted === undefined) return true;
  const [found, typed] = [plain(one), plain(wanted)];
  return found === typed || (/^\d{10}$/.test(typed) && !wanted.includes("+") && found === `1${typed}`);
};

/**
 * Incoming texts: one request for all threads, and one for each thread with something new. `since`: texts from this time on count
 * too; undefined: only texts that arrive after the first poll, independent of the clocks.
 */
const messages = (client: AgentPhone, options: RequestOptions, since: number | undefined): Look => {
  const seen = new Set<unknown>();
  /** The state of each thread, and the time of its latest message at the first poll. */
  const stand = new Map<string, string>();
  const floor = new Map<string, number>();
  let isFirst = since === undefined;
  return async () => {
    const { data: threads } = await client.conversations.list({ limit: SEEN }, options);
    const found: Found[] = [];
    for (const { id, lastMessageAt, messageCount } of threads) {
      const now = `${lastMessageAt} ${messageCount}`;
      const at = Date.parse(lastMessageAt ?? "");
      const isOld = since !== undefined && at < since;
      if (stand.get(id) === now || isOld) continue;
      stand.set(id, now);
      if (isFirst) {
        if (!Number.isNaN(at)) floor.set(id, at);
        continue;
      }
      const { data } = await client.conversations.messages.list(id, { limit: 20 }, options);
      for (const message of data) {
        const came = Date.parse(message.receivedAt);
        const isNew = came > (floor.get(id) ?? Number.NEGATIVE_INFINITY) && !(since !== undefined && came < since);
        if (message.direction !== "inbound" || !isNew || seen.has(message.id)) continue;
        seen.add(message.id);
        found.push({ ...message, conversationId: id });
      }
    }
    isFirst = false;
    return found.sort((one, other) => String(one.receivedAt).localeCompare(String(other.receivedAt)));
  };
};

const ENDED = ["completed", "failed", "busy", "no-answer"];

/** Calls: incoming ones, or ended ones. `since`: as for texts. */
const calls = (client: AgentPhone, options: RequestOptions, since: number | undefined, ended: boolean): Look => {
  const seen = new Set<string>();
  let isFirst = since === undefined;
  return async () => {
    const { data } = await client.calls.list(ended ? { limit: SEEN } : { limit: SEEN, direction: "inbound" }, options);
    const fresh = data.filter(({ id, status, startedAt, endedAt }) => {
      const at = Date.parse((ended ? (endedAt ?? startedAt) : startedAt) ?? "");
      return !seen.has(id) && (!ended || ENDED.includes(status)) && !(since !== undefined && at < since);
    });
    for (const { id } of fresh) seen.add(id);
    const found = isFirst ? [] : fresh;
    isFirst = false;
    return found as unknown as Found[];
  };
};

const sender = ({ fromNumber, from_, from }: Found): unknown => fromNumber ?? from_ ?? from;
const recipient = ({ toNumber, to }: Found): unknown => toNumber ?? to;

const pattern = (text: string | undefined): RegExp | undefined => {
  try {
    return text === undefined ? undefined : new RegExp(text, "u");
  } catch {
    throw usage("--match is not a regular expression");
  }
};

/** The time of the API: the clock of this machine may be off by minutes. */
const serverTime = async (client: AgentPhone, options: RequestOptions): Promise<number> => {
  const { response } = await client.calls.list({ limit: 1 }, options).withResponse();
  const at = Date.parse(response.headers.get("date") ?? "");
  return Number.isNaN(at) ? Date.now() : at;
};

/** `agentphone wait-for <event>`. */
export const waitFor = async (
  context: Context,
  event: string,
  given: Readonly<Record<string, unknown>>,
): Promise<number> => {
  const { timeout = TIMEOUT, every = EVERY, from, to, match, since, call } = given as Options;
  const wanted = pattern(match);
  if (call !== undefined && event !== "call-ended") throw usage("--call can only be used with call-ended");
  if (match !== undefined && event !== "message") throw usage("--match can only be used with message");
  const late = AbortSignal.timeout(timeout * 1_000);
  const signal = AbortSignal.any([context.signal, late]);
  const options = { ...requestOptions(context), signal };
  return withConnection(
    context,
    async ({ client }) => {
      try {
        if (call !== undefined) {
          const ended = await client.calls.wait(call, { ...options, totalTimeout: null });
          await context.printer.value({ event, data: ended });
          return EXIT.done;
        }
        const start = since === undefined ? undefined : (await serverTime(client, options)) - since * 1_000;
        const look =
          event === "message"
            ? messages(client, options, start)
            : calls(client, options, start, event === "call-ended");
        for (;;) {
          for (const data of await look()) {
            if (!isSame(sender(data), from) || !isSame(recipient(data), to)) continue;
            const groups = wanted?.exec(String(data.body ?? ""));
            if (groups === null) continue;
            await context.printer.value({ event, data, ...(groups && { match: groups[1] ?? groups[0] }) });
            return EXIT.done;
          }
          await pause(every * 1_000, undefined, { signal });
        }
      } catch (error) {
        if (!late.aborted || context.signal.aborted) throw error;
        throw new CommandError("WAIT_TIMEOUT", `no ${event} within ${timeout} s`, { exit: EXIT.refused });
      }
    },
    { announce: true },
  );
};
