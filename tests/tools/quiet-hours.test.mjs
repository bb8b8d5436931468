// What a policy says of the time of the day. The hazards: a phone that rings at night where its owner lives, and a person of whom nothing is
// known and who is called anyway.

import assert from "node:assert/strict";
import { test } from "node:test";
import { AREA_CODES } from "../../src/js/policy/area-codes.js";
import { zonesOf } from "../../src/js/policy/zones.js";
import { ADA, BOB, call, ruled, words } from "./ruled.mjs";

/** @import { Foreign } from "../support/foreign.js" */

test("nobody is called at night where they live, and everybody by their own clock", async () => {
  const quietHours = { from: "21:00", to: "09:00" };
  /** @type {[string, string, string][]} */
  const cases = [
    ["2026-06-15T16:00Z", ADA, "allow"], // 9:00
    ["2026-06-15T15:59Z", ADA, "QUIET_HOURS"], // 8:59
    ["2026-06-15T15:59Z", BOB, "allow"], // 11:59
    ["2026-06-16T03:59Z", ADA, "allow"], // 20:59
    ["2026-06-16T04:00Z", ADA, "QUIET_HOURS"], // 21:00
    ["2026-06-16T01:00Z", BOB, "QUIET_HOURS"], // 21:00
    ["2026-12-15T16:59Z", ADA, "QUIET_HOURS"], // 8:59, in winter
    ["2026-12-15T17:00Z", ADA, "allow"],
    ["2026-06-15T18:30Z", "+18085550100", "QUIET_HOURS"], // 8:30 in Hawaii
  ];
  for (const [time, to, verdict] of cases)
    assert.equal(await ruled({ quietHours }, Date.parse(time)).said(call(to)), verdict, `${time} ${to}`);
  const night = ruled({ quietHours }, Date.parse("2026-06-16T06:30Z"));
  const { retryAt } = /** @type {Foreign} */ (await night.rules.check(/** @type {Foreign} */ (call())));
  assert.equal(new Date(retryAt).toISOString(), "2026-06-16T16:00:00.000Z");
  assert.equal(await night.said(words()), "allow");
  const silent = ruled({ quietHours: { ...quietHours, texts: true } }, Date.parse("2026-06-16T06:30Z"));
  assert.equal(await silent.said(words()), "QUIET_HOURS");
});

test("where an area code has several zones, all of them must be awake", async () => {
  const quietHours = { from: "21:00", to: "08:00" };
  // 850 is in the east and in the center of Florida: 8:30 and 7:30.
  assert.equal(await ruled({ quietHours }, Date.parse("2026-06-15T12:30Z")).said(call("+18505550100")), "QUIET_HOURS");
  assert.equal(await ruled({ quietHours }, Date.parse("2026-06-15T13:00Z")).said(call("+18505550100")), "allow");
  // 21:30 and 20:30.
  assert.equal(await ruled({ quietHours }, Date.parse("2026-06-16T01:30Z")).said(call("+18505550100")), "QUIET_HOURS");
});

test("of whom no zone is known is refused, asked about or allowed, as the policy says", async () => {
  const hours = { from: "21:00", to: "08:00" };
  const berlin = "+4930901820";
  assert.equal(await ruled({ quietHours: hours }).said(call(berlin)), "ZONE_UNKNOWN");
  assert.equal(await ruled({ quietHours: { ...hours, unknown: "ask" } }).said(call(berlin)), "ask");
  assert.equal(await ruled({ quietHours: { ...hours, unknown: "allow" } }).said(call(berlin)), "allow");
  // Toll-free numbers are nowhere.
  assert.equal(await ruled({ quietHours: hours }).said(call("+18005550100")), "ZONE_UNKNOWN");
  const zone = async (/** @type {string} */ to) => (to === berlin ? "Europe/Berlin" : undefined);
  const own = ruled({ quietHours: { ...hours, zone } }, Date.parse("2026-06-15T19:30Z"));
  assert.deepEqual([await own.said(call(berlin)), await own.said(call(ADA))], ["QUIET_HOURS", "allow"]);
  assert.equal(await ruled({ quietHours: { ...hours, zone: () => "Mars/Base" } }).said(call()), "ZONE_UNKNOWN");
  // Runtimes know these names, but not as people mean them: AST is Alaska, and EST has no daylight saving time.
  const noon = Date.parse("2026-06-15T18:00Z");
  for (const zone of ["AST", "EST", "bst"])
    assert.equal(await ruled({ quietHours: { ...hours, zone: () => zone } }, noon).said(call()), "ZONE_UNKNOWN", zone);
  assert.equal(await ruled({ quietHours: { ...hours, zone: () => "UTC" } }, noon).said(call()), "allow");
  const broken = () => Promise.reject(new Error("no"));
  assert.equal(await ruled({ quietHours: { ...hours, zone: broken } }).said(call()), "POLICY_UNAVAILABLE");
});

test("the table of area codes is whole: each code once, each zone one that exists", () => {
  const codes = Object.values(AREA_CODES).flatMap((text) => text.match(/.../g) ?? []);
  assert.equal(new Set(codes).size, codes.length);
  assert.ok(codes.length > 400 && codes.every((code) => /^[2-9]\d\d$/.test(code)));
  const zones = Object.keys(AREA_CODES).flatMap((names) => names.split(" "));
  for (const timeZone of zones) assert.ok(new Intl.DateTimeFormat("en", { timeZone }));
  assert.deepEqual(zonesOf("+14165550100"), ["America/Toronto"]);
  assert.deepEqual(zonesOf("+1415"), []);
  assert.deepEqual(zonesOf("ada@example.com"), []);
});
