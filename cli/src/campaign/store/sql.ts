// Campaigns in a SQL database, except for how people are handed out: SQLite and PostgreSQL understand every statement here. A step is a generator that yields its
// statements: SQLite runs it synchronously, PostgreSQL awaits each statement.

import type { Ledger } from "agentphone-wasm/ledger";
import { withoutNumbers } from "../core/numbers.js";
import type { Campaign, CampaignState, Counts, Person, PersonState, Plan, Settings } from "../types.js";
import { StoreError } from "./error.js";
import { type CampaignData, type Change, FORMAT, noCounts, type OpenOptions } from "./store.js";

export type Row = Record<string, unknown>;
export type Value = string | number | null;
export type Step<T> = Generator<readonly [sql: string, values: readonly Value[]], T, Row[]>;

export interface Database {
  /** Runs a step in one transaction, isolated from other writers. */
  run<T>(step: () => Step<T>): Promise<T>;
  /** Runs several statements without values. */
  script(sql: string): Promise<void>;
  /** The clause that locks the campaign's row for the rest of the transaction. */
  readonly lock: string;
  close(): Promise<void>;
}

const NUMBER = "double precision";
const TABLES = `
  CREATE TABLE IF NOT EXISTS agentphone_campaign_format (version integer PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS agentphone_campaigns (
    id text PRIMARY KEY, state text NOT NULL, reason text, settings text NOT NULL, plan text,
    created_at ${NUMBER} NOT NULL, started_at ${NUMBER}, ended_at ${NUMBER}, worker_at ${NUMBER} NOT NULL,
    slow_until ${NUMBER} NOT NULL, rate_at ${NUMBER} NOT NULL, turn_by text NOT NULL, turn_until ${NUMBER} NOT NULL,
    last_seq integer NOT NULL
  );
  CREATE TABLE IF NOT EXISTS agentphone_people (
    campaign text NOT NULL, seq integer NOT NULL, recipient text NOT NULL, zone text, variables text NOT NULL, line integer NOT NULL,
    state text NOT NULL, reason text, round integer NOT NULL, result_id text, number_id text NOT NULL, tries integer NOT NULL,
    due_at ${NUMBER} NOT NULL, placed_at ${NUMBER} NOT NULL, updated_at ${NUMBER} NOT NULL, seconds ${NUMBER}, token text NOT NULL,
    history text NOT NULL, PRIMARY KEY (campaign, seq)
  );
  CREATE UNIQUE INDEX IF NOT EXISTS agentphone_people_recipient ON agentphone_people (campaign, recipient);
  CREATE INDEX IF NOT EXISTS agentphone_people_due ON agentphone_people (campaign, state, number_id, due_at, seq);
  CREATE INDEX IF NOT EXISTS agentphone_people_state ON agentphone_people (campaign, state, seq);
  CREATE INDEX IF NOT EXISTS agentphone_people_placed ON agentphone_people (campaign, placed_at);
  INSERT INTO agentphone_campaign_format SELECT ${FORMAT} WHERE NOT EXISTS (SELECT 1 FROM agentphone_campaign_format);
`;

/** Milliseconds without additions after which a draft counts as abandoned. */
const STALE_DRAFT = 60_000;
const COLUMNS_OF_PERSON = 9;

const json = <T>(value: unknown): T => JSON.parse(String(value)) as T;
const numberOrNull = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
const textOrNull = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

export const campaignOf = (row: Row): Campaign => ({
  id: String(row.id),
  state: row.state as CampaignState,
  reason: textOrNull(row.reason),
  settings: json<Settings>(row.settings),
  plan: row.plan === null ? null : json<Plan>(row.plan),
  createdAt: Number(row.created_at),
  startedAt: numberOrNull(row.started_at),
  endedAt: numberOrNull(row.ended_at),
  workerAt: Number(row.worker_at),
  slowUntil: Number(row.slow_until),
  rateAt: Number(row.rate_at),
});

export const personOf = (row: Row): Person => ({
  seq: Number(row.seq),
  recipient: String(row.recipient),
  zone: textOrNull(row.zone),
  variables: json<Record<string, string>>(row.variables),
  line: Number(row.line),
  state: row.state as PersonState,
  reason: textOrNull(row.reason),
  round: Number(row.round),
  resultId: textOrNull(row.result_id),
  numberId: textOrNull(row.number_id) || null,
  tries: Number(row.tries),
  dueAt: Number(row.due_at),
  placedAt: Number(row.placed_at),
  updatedAt: Number(row.updated_at),
  seconds: numberOrNull(row.seconds),
  token: String(row.token),
  history: json(row.history),
});

/** `$3, $4, $5` */
export const places = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `$${from + at}`).join(", ");

export const GET = "SELECT * FROM agentphone_campaigns WHERE id = $1";

/** Opens the campaigns of a database, and creates missing tables. */
export const sqlStore = async (
  database: Database,
  ledger: Ledger,
  { create = true }: OpenOptions = {},
): Promise<CampaignData> => {
  const versions = (): Promise<Row[]> =>
    database.run(function* (): Step<Row[]> {
      return yield ["SELECT version FROM agentphone_campaign_format", []];
    });
  // Before creating anything: data of another version must not be changed.
  const [format] = await versions().catch(async (error) => {
    // SQLite has words for it, PostgreSQL a code, because its words are in the language of the server.
    const { code, message } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
    if (code !== "42P01" && !/no such table/.test(message ?? "")) throw error;
    if (!create) throw new StoreError("STORE_MISSING", "this database has no campaigns yet");
    await database.script(TABLES);
    return versions();
  });
  if (Number(format?.version) !== FORMAT)
    throw new StoreError(
      "STORE_VERSION",
      `the store has campaigns of version ${Number(format?.version)}; this program has version ${FORMAT}. Use the version that wrote them`,
    );

  function* locked(id: string): Step<Row | undefined> {
    const [row] = yield [`${GET}${database.lock}`, [id]];
    return row;
  }

  function* recordStep(id: string, changes: readonly Change[], now: number): Step<boolean[]> {
    const done: boolean[] = [];
    for (const change of changes) {
      const { seq, was, token, state, reason } = change;
      const values: Value[] = [id, seq, was, token, state, reason, now];
      const sets = ["state = $5", "reason = $6", "updated_at = $7", "token = ''"];
      const set = (column: string, value: Value | undefined): void => {
        if (value === undefined) return;
        values.push(value);
        sets.push(`${column} = $${values.length}`);
      };
      set("result_id", change.resultId);
      set("tries", change.tries);
      set("due_at", change.dueAt);
      set("placed_at", change.placedAt);
      set("seconds", change.seconds);
      set("number_id", change.numberId);
      set("round", change.round);
      if (change.round !== undefined) values.push(change.round - 1);
      const isNext = change.round === undefined ? "" : ` AND round = $${values.length}`;
      const rows = yield [
        `UPDATE agentphone_people SET ${sets.join(", ")}
         WHERE campaign = $1 AND seq = $2 AND state = $3 AND token = $4${isNext} RETURNING seq`,
        values,
      ];
      done.push(rows.length > 0);
    }
    return done;
  }

  function* retryStep(id: string, states: readonly PersonState[], now: number): Step<number> {
    yield* locked(id);
    let count = 0;
    for (let after = 0; ; ) {
      const rows = yield [
        `SELECT * FROM agentphone_people WHERE campaign = $1 AND seq > $2 AND state IN (${places(3, states.length)}) ORDER BY seq LIMIT 500`,
        [id, after, ...states],
      ];
      if (rows.length === 0) return count;
      for (const person of rows.map(personOf)) {
        const { round, state, reason, resultId, updatedAt, history, seq } = person;
        const past = JSON.stringify([...history, { round, state, reason, resultId, at: updatedAt }]);
        yield [
          `UPDATE agentphone_people SET state = 'waiting', reason = NULL, round = round + 1, result_id = NULL, tries = 0, due_at = 0,
           placed_at = 0, seconds = NULL, token = '', updated_at = $3, history = $4 WHERE campaign = $1 AND seq = $2`,
          [id, seq, now, past],
        ];
        after = seq;
        count += 1;
      }
    }
  }

  return {
    ledger,
    create: (id, settings, now) =>
      database.run(function* () {
        const row = yield* locked(id);
        if (row !== undefined) {
          if (row.state !== "draft" || Number(row.worker_at) > now - STALE_DRAFT) return false;
          yield ["DELETE FROM agentphone_people WHERE campaign = $1", [id]];
          yield ["DELETE FROM agentphone_campaigns WHERE id = $1", [id]];
        }
        const rows = yield [
          `INSERT INTO agentphone_campaigns (id, state, settings, created_at, worker_at, slow_until, rate_at, turn_by, turn_until, last_seq)
           VALUES ($1, 'draft', $2, $3, $3, 0, 0, '', 0, 0) ON CONFLICT (id) DO NOTHING RETURNING id`,
          [id, JSON.stringify(settings), now],
        ];
        return rows.length > 0;
      }),
    add: (id, people, now) =>
      database.run(function* () {
        const row = yield* locked(id);
        if (row === undefined || row.state !== "draft")
          throw new StoreError(
            "STORE_CONFIGURATION",
            "the campaign is not a draft: people must be added before it is planned",
          );
        const { numberIds } = json<Settings>(row.settings).message;
        let seq = Number(row.last_seq);
        const isNew: boolean[] = [];
        for (const person of people) {
          seq += 1;
          const { recipient, zone, variables, line, skip } = person;
          // Assigned at the start, so that a request is the same whenever it is sent: another number is another round.
          const numberId = numberIds.length === 0 ? "" : (numberIds[seq % numberIds.length] ?? "");
          const values = [
            id,
            seq,
            recipient,
            zone,
            JSON.stringify(variables),
            line,
            skip ? "skipped" : "waiting",
            skip ?? null,
            numberId,
          ];
          const rows = yield [
            `INSERT INTO agentphone_people (campaign, seq, recipient, zone, variables, line, state, reason, number_id, round, tries,
             due_at, placed_at, updated_at, token, history) VALUES (${places(1, COLUMNS_OF_PERSON)}, 0, 0, 0, 0, $10, '', '[]')
             ON CONFLICT DO NOTHING RETURNING seq`,
            [...values, now],
          ];
          isNew.push(rows.length > 0);
        }
        yield ["UPDATE agentphone_campaigns SET last_seq = $2, worker_at = $3 WHERE id = $1", [id, seq, now]];
        return isNew;
      }),
    publish: (id, plan) =>
      database.run(function* () {
        yield [
          "UPDATE agentphone_campaigns SET state = 'planned', plan = $2, worker_at = 0 WHERE id = $1 AND state = 'draft'",
          [id, JSON.stringify(plan)],
        ];
      }),
    remove: (id, only) =>
      database.run(function* () {
        const row = yield* locked(id);
        if (only !== undefined && row?.state !== only) return;
        yield ["DELETE FROM agentphone_people WHERE campaign = $1", [id]];
        yield ["DELETE FROM agentphone_campaigns WHERE id = $1", [id]];
      }),
    get: (id) =>
      database.run(function* () {
        const [row] = yield [GET, [id]];
        return row === undefined ? undefined : campaignOf(row);
      }),
    list: () =>
      database.run(function* () {
        return (yield ["SELECT * FROM agentphone_campaigns ORDER BY created_at DESC, id", []]).map(campaignOf);
      }),
    move: (id, from, to, reason, now) =>
      database.run(function* () {
        const isEnd = to === "done" || to === "stopped";
        const rows = yield [
          `UPDATE agentphone_campaigns SET state = $2, reason = $3, ended_at = ${isEnd ? "$4" : "NULL"},
           started_at = CASE WHEN $2 = 'running' THEN COALESCE(started_at, $4) ELSE started_at END
           WHERE id = $1 AND state IN (${places(5, from.length)}) RETURNING id`,
          [id, to, reason, now, ...from],
        ];
        return rows.length > 0;
      }),
    record: (id, changes, now) =>
      changes.length === 0 ? Promise.resolve([]) : database.run(() => recordStep(id, changes, now)),
    slow: (id, until) =>
      database.run(function* () {
        yield ["UPDATE agentphone_campaigns SET slow_until = $2 WHERE id = $1 AND slow_until < $2", [id, until]];
      }),
    people: (id, { states, after = 0, limit }) =>
      database.run(function* () {
        if (states === undefined)
          return (yield [
            "SELECT * FROM agentphone_people WHERE campaign = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            [id, after, limit],
          ]).map(personOf);
        // State by state, each from its place in an index: a query for several would read the whole campaign.
        const found: Row[] = [];
        for (const state of states) {
          const rows = yield [
            "SELECT * FROM agentphone_people WHERE campaign = $1 AND state = $2 AND seq > $3 ORDER BY seq LIMIT $4",
            [id, state, after, limit],
          ];
          found.push(...rows);
        }
        found.sort((one, other) => Number(one.seq) - Number(other.seq));
        return found.slice(0, limit).map(personOf);
      }),
    counts: (id): Promise<Counts> =>
      database.run(function* () {
        const counts = noCounts();
        const rows = yield [
          "SELECT state, count(*) AS count FROM agentphone_people WHERE campaign = $1 GROUP BY state",
          [id],
        ];
        for (const { state, count } of rows) counts[state as PersonState] = Number(count);
        return counts;
      }),
    placedSince: (id, since) =>
      database.run(function* () {
        const [row] = yield [
          "SELECT count(*) AS count FROM agentphone_people WHERE campaign = $1 AND placed_at > $2",
          [id, since],
        ];
        return Number(row?.count ?? 0);
      }),
    retry: (id, states, now) => database.run(() => retryStep(id, states, now)),
    dropNumbers: (id, numberIds) =>
      database.run(function* () {
        const row = yield* locked(id);
        const settings = row && withoutNumbers(json<Settings>(row.settings), numberIds);
        if (settings === undefined) return false;
        yield ["UPDATE agentphone_campaigns SET settings = $2 WHERE id = $1", [id, JSON.stringify(settings)]];
        return true;
      }),
    waitingFor: (id, numberIds, limit) =>
      database.run(function* () {
        const found: Row[] = [];
        for (const numberId of numberIds) {
          const rows = yield [
            "SELECT * FROM agentphone_people WHERE campaign = $1 AND state = 'waiting' AND number_id = $2 ORDER BY due_at, seq LIMIT $3",
            [id, numberId, limit - found.length],
          ];
          found.push(...rows);
        }
        return found.map(personOf);
      }),
    abandon: (id, now) =>
      database.run(function* () {
        yield [
          "UPDATE agentphone_people SET state = 'skipped', reason = 'stopped', updated_at = $2 WHERE campaign = $1 AND state = 'waiting'",
          [id, now],
        ];
      }),
    turn: (id, worker, now, until) =>
      database.run(function* () {
        const rows = yield [
          `UPDATE agentphone_campaigns SET turn_by = $2, turn_until = $4, worker_at = $3 WHERE id = $1 AND (turn_by = $2 OR turn_until <= $3) RETURNING id`,
          [id, worker, now, until],
        ];
        return rows.length > 0;
      }),
    close: () => database.close(),
  };
};
