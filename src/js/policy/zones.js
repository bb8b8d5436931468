// @ts-check
// The local time of a recipient, as far as a phone number tells. A number travels with its owner, and an area code may have several
// zones: then all of them count.

import { attempt } from "../lib/fields.js";
import { AREA_CODES } from "./area-codes.js";

const DAY = 1440;

/** The zones by area code, made when they are first asked for. @type {Map<string, string[]> | undefined} */
let byCode;
const codesOf = () => {
  const codes = Object.entries(AREA_CODES).flatMap(([zones, all]) => {
    const names = zones.split(" ");
    return (all.match(/.../g) ?? []).map((code) => /** @type {const} */ ([code, names]));
  });
  return new Map(codes);
};

/** The zones of a number of the North American plan; none for any other recipient. @param {string} recipient @returns {string[]} */
export const zonesOf = (recipient) => {
  const [, code] = /^\+1(\d{3})\d{7}$/.exec(recipient) ?? [];
  if (code === undefined) return [];
  byCode ??= codesOf();
  return byCode.get(code) ?? [];
};

/** Clocks are changed at the beginning of a quarter of an hour: within one, minutes only increase. */
const QUARTER = 900_000;

/**
 * Per zone its formatter, which is expensive to make, and what it said of the latest quarter of an hour, because using it takes longer than the rest of a
 * decision.
 * @type {Map<string, { format: Intl.DateTimeFormat, quarter: number, minute: number }>}
 */
const clocks = new Map();

/**
 * EST and the like are what people write and not what runtimes know by these names: EST has no daylight saving time, AST is Alaska
 * and not Puerto Rico, BST is Bangladesh. @param {string} zone
 */
const isAbbreviation = (zone) => /^[A-Z]{3}$/i.test(zone) && !/^(UTC|GMT)$/i.test(zone);

/** Minutes since midnight in a zone; undefined for a zone that does not exist or is ambiguous. @param {string} timeZone @param {number} now @returns {number | undefined} */
export const minuteOfDay = (timeZone, now) =>
  attempt(() => {
    if (isAbbreviation(timeZone)) return undefined;
    let clock = clocks.get(timeZone);
    if (!clock) {
      const parts = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      clock = { format: new Intl.DateTimeFormat("en-US", { timeZone, ...parts }), quarter: Number.NaN, minute: 0 };
      clocks.set(timeZone, clock);
    }
    const quarter = Math.floor(now / QUARTER);
    if (quarter !== clock.quarter) {
      const [hour, minute] = clock.format
        .format(quarter * QUARTER)
        .split(":")
        .map(Number);
      clock.minute = 60 * Number(hour) + Number(minute);
      clock.quarter = quarter;
    }
    return (clock.minute + Math.floor((now - quarter * QUARTER) / 60_000)) % DAY;
  });

/** "21:30" as minutes since midnight. @param {unknown} text @returns {number | undefined} */
export const minutesOf = (text) => {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(typeof text === "string" ? text : "") ?? [];
  return hour === undefined ? undefined : 60 * Number(hour) + Number(minute);
};

/**
 * For how many more minutes quiet hours last at a time of the day; 0 outside of them.
 * @param {{ from: number, to: number }} hours @param {number} minute
 */
export const quietFor = ({ from, to }, minute) => {
  const isQuiet = from < to ? minute >= from && minute < to : minute >= from || minute < to;
  return isQuiet ? (to - minute + DAY) % DAY || DAY : 0;
};
