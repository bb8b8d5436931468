// How a store in a SQLite file hands people out: rate, places and people change in one transaction.

import { freePlaces, takeRate } from "../core/rate.js";
import { StoreError } from "./error.js";
import { campaignOf, GET, personOf, places, type Step } from "./sql.js";
import type { Claim, ClaimOptions } from "./store.js";

/** Milliseconds after which an idle worker checks again. */
const LOOK = 1_000;

export function* claimStep(id: string, { token, now, limit, lease }: ClaimOptions): Step<Claim> {
  const [row] = yield [GET, [id]];
  if (row === undefined) throw new StoreError("STORE_CONFIGURATION", "the store has no campaign with this id");
  const campaign = campaignOf(row);
  const { settings, slowUntil } = campaign;
  // First people whose worker died: they already occupy their places.
  const found = yield [
    `SELECT * FROM agentphone_people WHERE campaign = $1 AND state = 'placing' AND due_at <= $2 ORDER BY seq LIMIT $3`,
    [id, now, limit],
  ];
  let nextAt = now + LOOK;
  let { rateAt } = campaign;
  if (campaign.state === "running" && found.length < limit) {
    const isCall = settings.kind === "call";
    const busy = new Map<string, number>();
    if (isCall) {
      // Two queries, because with OR in one SQLite reads the whole campaign.
      const rows = yield [
        `SELECT number_id, count(*) AS count FROM (
           SELECT number_id FROM agentphone_people WHERE campaign = $1 AND state IN ('placing', 'placed')
           UNION ALL SELECT number_id FROM agentphone_people WHERE campaign = $1 AND state = 'doubt' AND due_at > $2
         ) GROUP BY number_id`,
        [id, now],
      ];
      for (const each of rows) busy.set(String(each.number_id), Number(each.count));
    }
    const room = limit - found.length;
    const free = isCall
      ? freePlaces(settings.message.numberIds, settings.perNumber, busy).slice(0, room)
      : Array.from({ length: room }, () => "");
    const taken =
      slowUntil > now
        ? { count: 0, rateAt, nextAt: slowUntil }
        : takeRate(settings.perMinute, rateAt, now, free.length);
    let left = taken.count;
    for (const numberId of new Set(free)) {
      if (left === 0) break;
      const want = Math.min(left, free.filter((each) => each === numberId).length);
      const rows = yield [
        `SELECT * FROM agentphone_people WHERE campaign = $1 AND state = 'waiting' AND number_id = $2 AND due_at <= $3
         ORDER BY due_at, seq LIMIT $4`,
        [id, numberId, now, want],
      ];
      found.push(...rows);
      left -= rows.length;
    }
    const used = taken.count - left;
    if (used > 0) ({ rateAt } = takeRate(settings.perMinute, rateAt, now, used));
    if (free.length > 0 && taken.count === 0) nextAt = taken.nextAt;
    else if (used > 0 && left === 0) nextAt = used < free.length ? taken.nextAt : now;
    else if (left > 0 && used === 0) {
      // No person is due now: find when the next one is.
      for (const numberId of new Set(free)) {
        const [first] = yield [
          `SELECT due_at FROM agentphone_people WHERE campaign = $1 AND state = 'waiting' AND number_id = $2 ORDER BY due_at, seq LIMIT 1`,
          [id, numberId],
        ];
        if (first !== undefined) nextAt = Math.min(nextAt, Math.max(now, Number(first.due_at)));
      }
    }
  }
  if (found.length > 0)
    yield [
      `UPDATE agentphone_people SET state = 'placing', token = $2, due_at = $3, updated_at = $4
       WHERE campaign = $1 AND seq IN (${places(5, found.length)})`,
      [id, token, now + lease, now, ...found.map((each) => Number(each.seq))],
    ];
  yield ["UPDATE agentphone_campaigns SET worker_at = $2, rate_at = $3 WHERE id = $1", [id, now, rateAt]];
  return { campaign, people: found.map((each) => ({ ...personOf(each), token, dueAt: now + lease })), nextAt };
}
