// The wait that an answer asks for, against RFC 9110: section 10.2.3 (Retry-After) and 5.6.7 (the three forms of a date, with
// two-digit years as POSIX has them), and the habits beside it that `src/core/retry_after.rs` names. The dates are read here by
// patterns and Date.UTC, and not by the client's library.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { AgentPhone, RateLimitError } from "agentphone-wasm";
import { search } from "./chance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

export const name = "retry-after";

/** The longest wait that a host's timer can hold. */
const LONGEST = 2 ** 31 - 1;
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const WHOLE_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const any = (/** @type {string[]} */ names) => `(${names.join("|")})`;
const TIME = "(\\d\\d):(\\d\\d):(\\d\\d)";
const IMF = new RegExp(`^${any(DAYS)}, (\\d\\d) ${any(MONTHS)} (\\d{4}) ${TIME} GMT$`);
const RFC_850 = new RegExp(`^${any(WHOLE_DAYS)}, (\\d\\d)-${any(MONTHS)}-(\\d\\d) ${TIME} GMT$`);
const ASCTIME = new RegExp(`^${any(DAYS)} ${any(MONTHS)} (\\d\\d| \\d) ${TIME} (\\d{4})$`);

/** Milliseconds since 1970 of a date that exists, on its day of the week. */
const moment = (
  /** @type {string} */ weekday,
  /** @type {number} */ year,
  /** @type {string} */ month,
  /** @type {number} */ day,
  /** @type {number} */ hour,
  /** @type {number} */ minute,
  /** @type {number} */ second,
) => {
  if (year < 1970) return undefined;
  const at = Date.UTC(year, MONTHS.indexOf(month), day, hour, minute, second);
  const date = new Date(at);
  const same =
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute &&
    date.getUTCSeconds() === second;
  return same && DAYS[date.getUTCDay()] === weekday ? at : undefined;
};

const httpDate = (/** @type {string} */ text) => {
  const imf = IMF.exec(text);
  if (imf) return moment(imf[1], +imf[4], imf[3], +imf[2], +imf[5], +imf[6], +imf[7]);
  const old = RFC_850.exec(text);
  if (old)
    return moment(
      old[1].slice(0, 3),
      +old[4] + (+old[4] < 70 ? 2000 : 1900),
      old[3],
      +old[2],
      +old[5],
      +old[6],
      +old[7],
    );
  const c = ASCTIME.exec(text);
  return c ? moment(c[1], +c[7], c[2], +c[3], +c[4], +c[5], +c[6]) : undefined;
};

/** A decimal number in thousandths, rounded up; as BigInt, because anybody may write any number. */
const thousandths = (/** @type {string} */ text) => {
  const [, whole, decimals = ""] = /^(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const rest = /[1-9]/.test(decimals.slice(3)) ? 1n : 0n;
  return BigInt(whole + decimals.slice(0, 3).padEnd(3, "0")) + rest;
};
const clamped = (/** @type {number | bigint} */ value) => (value > LONGEST ? LONGEST : value < 0 ? 0 : Number(value));

/** Milliseconds that the headers ask to wait by `now`, or undefined. */
const wanted = (/** @type {Record<string, string>} */ headers, /** @type {Foreign} */ clock) => {
  const read = (/** @type {string} */ header) => (headers[header] ?? "").replace(/^[ \t]+|[ \t]+$/g, "");
  const now = httpDate(read("date")) ?? clock;
  const fine = thousandths(read("retry-after-ms"));
  if (fine !== undefined) return clamped((fine + 999n) / 1000n);
  const seconds = thousandths(read("retry-after"));
  if (seconds !== undefined) return clamped(seconds);
  const date = httpDate(read("retry-after"));
  if (date !== undefined) return clamped(date - now);
  const reset = thousandths(read("x-ratelimit-reset"));
  if (reset === undefined) return undefined;
  if (reset >= 100_000_000_000_000n) return clamped(reset / 1000n - BigInt(now));
  return clamped(reset >= 1_000_000_000_000n ? reset - BigInt(now) : reset);
};

/** Fails where the client reads `{ headers, now }` otherwise. */
export const check = async (/** @type {Foreign} */ { headers, now }) => {
  const fetch = async () =>
    new Response('{"error":{"message":"slow down","code":"RATE_LIMIT_EXCEEDED"}}', { status: 429, headers });
  const client = new AgentPhone({
    apiKey: "sk_test",
    baseUrl: "http://127.0.0.1:9",
    logLevel: "off",
    maxRetries: 0,
    fetch,
  });
  const clock = Date.now;
  Date.now = () => now;
  let error;
  try {
    error = await client.agents.list().then(
      () => undefined,
      (failure) => failure,
    );
  } finally {
    Date.now = clock;
  }
  client.dispose();
  assert.ok(error instanceof RateLimitError, `ended with ${error}`);
  const wait = wanted(headers, now);
  assert.equal(error.retryAfter, wait === undefined ? undefined : wait / 1000);
};

const EXAMPLES = JSON.parse(
  readFileSync(new URL("../../contract/vectors/retry-after.json", import.meta.url), "utf8"),
).cases;
const NOW = 1_763_836_800_000;

const make = (/** @type {Foreign} */ { below, pick, chance, mutated }) => {
  const two = (/** @type {number} */ n) => `${n}`.padStart(2, "0");
  const dated = () => {
    // Most of them near, some anywhere, some on days that do not exist.
    const date = new Date(
      chance(0.5) ? NOW + (below(200_000_000) - 20_000_000) : below(2 ** 31) * pick([1, 1000, 4000, 117_000]),
    );
    const [day, month, year] = [
      chance(0.1) ? below(40) : date.getUTCDate(),
      MONTHS[date.getUTCMonth()],
      date.getUTCFullYear(),
    ];
    const weekday = chance(0.1) ? below(7) : date.getUTCDay();
    const time = chance(0.1)
      ? `${two(below(30))}:${two(below(70))}:${two(below(70))}`
      : `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
    return pick([
      () => `${DAYS[weekday]}, ${two(day)} ${month} ${`${year}`.padStart(4, "0")} ${time} GMT`,
      () => `${WHOLE_DAYS[weekday]}, ${two(day)}-${month}-${two(year % 100)} ${time} GMT`,
      () => `${DAYS[weekday]} ${month} ${`${day}`.padStart(2, " ")} ${time} ${`${year}`.padStart(4, "0")}`,
    ])();
  };
  const number = () =>
    pick([
      () => `${below(100)}`,
      () => `${below(10 ** 6) / pick([1, 10, 1000, 10 ** 5])}`,
      () => `${NOW + below(10 ** 6)}`,
      () => `${NOW / 1000 + below(1000)}`,
      () =>
        pick([
          "00",
          "1.",
          ".5",
          "1..2",
          "1.2.3",
          "1e3",
          "-1",
          "+1",
          "0x1",
          "1,5",
          "9".repeat(1 + below(40)),
          `0.${"0".repeat(below(8))}1`,
          "999999999",
          "1000000000",
          "99999999999",
          "100000000000",
          "٣",
        ]),
    ])();
  const value = () => (chance(0.5) ? dated() : number());
  // Only what a header can carry: the host refuses the rest.
  const spoiled = (/** @type {string} */ text) =>
    [...mutated(new TextEncoder().encode(text))].map((byte) => String.fromCharCode(32 + (byte % 95))).join("");
  const header = () => {
    const text = pick([value, value, value, () => pick(EXAMPLES).headers["retry-after"] ?? ""])();
    const sent = chance(0.2) ? spoiled(text) : text;
    return /^[\t\x20-\x7e]*$/.test(sent) ? (chance(0.1) ? ` ${sent}\t` : sent) : "";
  };
  /** @type {Record<string, Foreign>} */
  const headers = {};
  for (const key of ["retry-after", "retry-after-ms", "x-ratelimit-reset", "date"])
    if (chance(key === "retry-after" ? 0.8 : 0.3)) headers[key] = header();
  return { headers, now: NOW };
};

export const run = (/** @type {{ seed: number, seconds: number, random: () => number }} */ given) =>
  search(given, make, check);
