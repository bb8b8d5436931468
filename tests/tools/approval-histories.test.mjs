// Approvals in many histories, and quiet hours at many times. The hazards: a consent that is used twice where answers of the store are
// lost, one that is lost although nothing was done with it, and a phone that rings at night in one of a number's zones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { policy } from "agentphone-wasm/tools";
import { AREA_CODES } from "../../src/js/policy/area-codes.js";
import { randomOf, worldOf } from "./histories.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const SECRET = "a secret of sixteen characters";
const HISTORIES = 60;
const ACTION = /** @type {const} */ ({ spends: "call", to: "+14155550100", content: { greeting: "Hi" } });

for (const lost of [0, 0.15])
  test(`a consent is used at most once over several machines${lost ? ", though answers are lost" : ", and exactly once"}`, async () => {
    let used = 0;
    for (let seed = 1; seed <= HISTORIES; seed += 1) {
      const world = worldOf(seed);
      const make = (/** @type {number} */ failing) =>
        policy({ ledger: world.machine(failing), approval: { when: "spend", secret: SECRET }, calls: { day: 2 } });
      const machines = [make(lost), make(lost), make(lost)];
      /** @type {Foreign[]} */
      const verdicts = [];
      await world.mocked(async () => {
        /** @type {string[]} */
        const approvals = [];
        const ask = async () => {
          const asked = await make(0).check(ACTION);
          assert.ok(asked.decision === "ask");
          approvals.push(await world.oneOf(machines).approve(asked.request));
        };
        await world.run([ask(), ask()]);
        const use = async (/** @type {number} */ at) => {
          const approval = approvals[at % 2];
          const verdict = await world.oneOf(machines).admit({ ...ACTION, approval });
          verdicts.push({ ...verdict, approval });
          // It turned out that nothing was sent: its place is free again, and the consent is still used.
          if (verdict.decision === "allow" && world.random() < 0.5) await verdict.release();
        };
        await world.run(Array.from({ length: 8 }, (_, at) => use(at)));
        for (const approval of approvals) {
          const allowed = verdicts.filter((one) => one.approval === approval && one.decision === "allow").length;
          assert.ok(lost === 0 ? allowed === 1 : allowed <= 1, `history ${seed}: ${allowed} times`);
          used += allowed;
        }
      });
    }
    assert.ok(used > HISTORIES / 2, `${used} of ${2 * HISTORIES} were used`);
  });

test("a write whose answer was lost is recognized, though other machines have written since: the consent is not lost with it", async () => {
  const world = worldOf(1);
  const other = policy({ ledger: world.ledger, texts: { day: 9 } });
  let isLost = true;
  const write = async (/** @type {Foreign} */ changes) => {
    const written = await world.ledger.write(changes);
    if (!isLost) return written;
    isLost = false;
    await other.admit({ spends: "text", to: "+12125550101" });
    throw new Error("the answer was lost");
  };
  const rules = policy({
    ledger: { ...world.ledger, write },
    approval: { when: "spend", secret: SECRET },
    calls: { day: 1 },
  });
  const asked = await rules.check(ACTION);
  assert.ok(asked.decision === "ask");
  assert.equal((await rules.admit({ ...ACTION, approval: await rules.approve(asked.request) })).decision, "allow");
});

/** Minutes since midnight, by another way than the code under test. @param {string} timeZone @param {number} now */
const minuteIn = (timeZone, now) => {
  const text = new Date(now).toLocaleTimeString("sv-SE", { timeZone });
  const [hour = 0, minute = 0] = text.split(":").map(Number);
  return 60 * hour + minute;
};

test("no phone rings in the quiet hours of any of its zones, at any time of the year", async () => {
  const random = randomOf(7);
  const codes = Object.entries(AREA_CODES).flatMap(([zones, all]) =>
    (all.match(/.../g) ?? []).map((code) => ({ code, zones: zones.split(" ") })),
  );
  const clock = (/** @type {number} */ minute) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  let quiet = 0;
  for (let left = 1500; left > 0; left -= 1) {
    const { code, zones } = /** @type {(typeof codes)[number]} */ (codes[Math.floor(random() * codes.length)]);
    const now = Date.UTC(2026, 0, 1) + Math.floor(random() * 365 * 86_400_000);
    // Often just now: the first minute is quiet, and the last is not.
    const edge = () => (random() < 0.3 ? minuteIn(zones[0] ?? "", now) : Math.floor(random() * 1440));
    const [from, to] = [edge(), edge()];
    if (from === to) continue;
    const isQuiet = (/** @type {number} */ time) =>
      zones.some((zone) => {
        const minute = minuteIn(zone, time);
        return from < to ? minute >= from && minute < to : minute >= from || minute < to;
      });
    const { check } = policy({
      quietHours: { from: clock(from), to: clock(to) },
      ledger: worldOf(1).ledger,
      now: () => now,
    });
    const verdict = await check({ spends: "call", to: `+1${code}5550100` });
    assert.equal(
      verdict.decision,
      isQuiet(now) ? "refuse" : "allow",
      `${code} ${new Date(now).toISOString()} ${from} ${to}`,
    );
    if (verdict.decision !== "refuse") continue;
    quiet += 1;
    // Until then it is quiet in the zone that is last, except where its clock is changed in between.
    const until = Number(verdict.retryAt);
    const isSummer = (/** @type {number} */ time) => minuteIn(zones[0] ?? "", time) - minuteIn("UTC", time);
    if ((isSummer(now) - isSummer(until)) % 1440 === 0)
      assert.ok(isQuiet(until - 60_000), `${code} ${new Date(now).toISOString()}`);
  }
  assert.ok(quiet > 300, `${quiet} were quiet`);
});
