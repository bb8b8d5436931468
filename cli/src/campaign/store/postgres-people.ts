// How a store in PostgreSQL decides about the people whom a queue hands out. Each decision is one round trip.

import type pg from "pg";
import type { CampaignState, DuePerson } from "../types.js";
import { personOf, type Row } from "./sql.js";
import type { Due, DueOptions, QueueingStore, Taken, TakeOptions } from "./store.js";

/** Sends a query, and resolves to the rows of its last statement. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** Advisory locks of the places of a number, apart from those of others in this database. */
const PLACES = 731_048;

/** People who occupy a place at the time `now`. */
const occupied = (now: string): string => `(state IN ('placing', 'placed') OR (state = 'doubt' AND due_at > ${now}))`;

/**
 * Takes one person. The lock is a statement of its own, so that the next one sees all places of this number that were taken before.
 * Several statements in one query cannot have parameters: the values are numbers, or quoted.
 */
export const takeWith =
  (query: Query, quoted: typeof pg.escapeLiteral) =>
  async (id: string, { seq, numberId, places, token, now, lease }: TakeOptions): Promise<Taken> => {
    const [campaign, number] = [quoted(id), quoted(numberId)];
    const [at, dueAt] = [Number(now), Number(now) + Number(lease)];
    const lock =
      places === null ? "" : `SELECT pg_advisory_xact_lock(${PLACES}, hashtext(${quoted(`${id} ${numberId}`)}));`;
    const hasPlace =
      places === null
        ? "true"
        : `${Number(places)} > (SELECT count(*) FROM agentphone_people
           WHERE campaign = ${campaign} AND number_id = ${number} AND ${occupied(String(at))})`;
    const [row] = await query(`${lock}
      WITH old AS (SELECT * FROM agentphone_people WHERE campaign = ${campaign} AND seq = ${Number(seq)} FOR UPDATE),
      free AS (
        SELECT old.seq FROM old, agentphone_campaigns c WHERE c.id = ${campaign} AND old.due_at <= ${at} AND (old.state = 'placing' OR
          (old.state = 'waiting' AND old.number_id = ${number} AND c.state = 'running' AND c.slow_until <= ${at} AND ${hasPlace}))
      ),
      taken AS (
        UPDATE agentphone_people p SET state = 'placing', token = ${quoted(token)}, due_at = ${dueAt}, updated_at = ${at}
        FROM free WHERE p.campaign = ${campaign} AND p.seq = free.seq RETURNING p.seq
      )
      SELECT old.*, c.state AS campaign_state, (SELECT count(*) FROM taken) AS taken
      FROM old, agentphone_campaigns c WHERE c.id = ${campaign}`);
    if (row === undefined) return undefined;
    const person = personOf(row);
    if (Number(row.taken) === 1)
      return { person: { ...person, token, dueAt }, state: row.campaign_state as CampaignState };
    const isOpen = person.state === "waiting" || person.state === "placing";
    return isOpen && person.dueAt > now ? { dueAt: person.dueAt } : undefined;
  };

const FIELDS = "seq, recipient, zone, round, number_id, due_at";

const duePersonOf = (row: Row): DuePerson => ({
  seq: Number(row.seq),
  recipient: String(row.recipient),
  zone: row.zone === null ? null : String(row.zone),
  round: Number(row.round),
  numberId: row.number_id === "" ? null : String(row.number_id),
  dueAt: Number(row.due_at),
});

/** People to hand out, in one query: those of dead workers, and for each number as many as it has free places. */
export const dueWith =
  (query: Query) =>
  async (id: string, { now, until, limit, places }: DueOptions): Promise<Due> => {
    const rows = await query(
      `WITH busy AS (
        SELECT number_id, count(*)::integer AS count FROM agentphone_people WHERE campaign = $1 AND ${occupied("$2")} GROUP BY number_id
      ), free AS (
        SELECT each.number_id, GREATEST($5::integer - COALESCE(busy.count, 0), 0) AS room
        FROM unnest($4::text[]) AS each (number_id) LEFT JOIN busy USING (number_id)
      ), next AS (
        SELECT people.* FROM free CROSS JOIN LATERAL (
          SELECT ${FIELDS} FROM agentphone_people
          WHERE campaign = $1 AND state = 'waiting' AND number_id = free.number_id AND due_at <= $3
          ORDER BY due_at, seq LIMIT free.room
        ) people
        ORDER BY due_at, seq LIMIT $6
      ), lapsed AS (
        SELECT ${FIELDS} FROM agentphone_people
        WHERE campaign = $1 AND state = 'placing' AND due_at <= $2 ORDER BY seq LIMIT $6
      )
      SELECT true AS lapsed, ${FIELDS} FROM lapsed UNION ALL SELECT false AS lapsed, ${FIELDS} FROM next`,
      [id, now, until, places?.numberIds ?? [""], places?.perNumber ?? 2 ** 31 - 1, limit],
    );
    return {
      lapsed: rows.filter(({ lapsed }) => lapsed).map(duePersonOf),
      waiting: rows.filter(({ lapsed }) => !lapsed).map(duePersonOf),
    };
  };

/** Stores changes in one statement, which is one round trip and one commit. */
export const recordWith =
  (query: Query): QueueingStore["record"] =>
  async (id, changes, now) => {
    if (changes.length === 0) return [];
    const given = changes.map((change, at) => ({
      ...change,
      at,
      hasResult: change.resultId !== undefined,
      hasSeconds: change.seconds !== undefined,
    }));
    const rows = await query(
      `UPDATE agentphone_people p SET state = c.state, reason = c.reason, updated_at = $3, token = '',
         result_id = CASE WHEN c."hasResult" THEN c."resultId" ELSE p.result_id END,
         seconds = CASE WHEN c."hasSeconds" THEN c.seconds ELSE p.seconds END,
         tries = COALESCE(c.tries, p.tries), due_at = COALESCE(c."dueAt", p.due_at), placed_at = COALESCE(c."placedAt", p.placed_at),
         number_id = COALESCE(c."numberId", p.number_id), round = COALESCE(c.round, p.round)
       FROM jsonb_to_recordset($2::jsonb) AS c (at integer, seq integer, was text, token text, state text, reason text,
         "hasResult" boolean, "resultId" text, tries integer, "dueAt" double precision, "placedAt" double precision,
         "hasSeconds" boolean, seconds double precision, "numberId" text, round integer)
       WHERE p.campaign = $1 AND p.seq = c.seq AND p.state = c.was AND p.token = c.token
         AND (c.round IS NULL OR p.round = c.round - 1) RETURNING c.at`,
      [id, JSON.stringify(given), now],
    );
    const done = new Set(rows.map(({ at }) => Number(at)));
    return changes.map((_, at) => done.has(at));
  };
