// When a person may be contacted: quiet hours in the person's time zone, including days with a daylight saving change.

import type { QuietHours } from "../types.js";

const MINUTE = 60_000;
const DAY = 1440;

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    formats.set(zone, format);
  }
  return format;
};

/**
 * Whether it is an abbreviation, such as EST. Runtimes know some of them, but not as people mean them: EST has no daylight saving
 * time, AST is Alaska and not Puerto Rico, BST is Bangladesh. Somebody would be called at night.
 */
export const isZoneAbbreviation = (zone: string): boolean => /^[A-Z]{3}$/i.test(zone) && !/^(UTC|GMT)$/i.test(zone);

/** Whether it is a time zone that this runtime knows. */
export const isZone = (zone: string): boolean => {
  // Offsets such as "+05:00" are not accepted: they have no daylight saving time.
  if (!/^[A-Za-z]/.test(zone) || isZoneAbbreviation(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
};

/** Minutes since midnight in the zone. */
export const minuteOfDay = (at: number, zone: string): number => {
  const parts = formatOf(zone).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  return part("hour") * 60 + part("minute");
};

const isQuietMinute = ({ from, until }: QuietHours, minute: number): boolean =>
  from <= until ? minute >= from && minute < until : minute >= from || minute < until;

/** The first instant, `at` or later, that is not quiet there. */
export const nextAllowed = (at: number, zone: string, quiet: QuietHours | null): number => {
  if (quiet === null || quiet.from === quiet.until || !isQuietMinute(quiet, minuteOfDay(at, zone))) return at;
  let next = Math.floor(at / MINUTE) * MINUTE;
  // Daylight saving time may change in between: check again from the result.
  for (let tries = 0; tries < 4; tries += 1) {
    const minute = minuteOfDay(next, zone);
    if (next > at && !isQuietMinute(quiet, minute)) break;
    next += ((quiet.until - minute + DAY) % DAY || DAY) * MINUTE;
  }
  // If the clock was put forward in between, the result is late by the skipped hour.
  while (next - MINUTE > at && !isQuietMinute(quiet, minuteOfDay(next - MINUTE, zone))) next -= MINUTE;
  return next;
};

/** Parses "21:00-08:00"; undefined if the text has another form. */
export const quietHoursOf = (text: string): QuietHours | undefined => {
  const [, ...found] = /^(\d\d?):(\d\d)-(\d\d?):(\d\d)$/.exec(text.trim()) ?? [];
  const [fromHour = 99, fromMinute = 99, untilHour = 99, untilMinute = 99] = found.map(Number);
  if (fromHour > 24 || untilHour > 24 || fromMinute > 59 || untilMinute > 59) return undefined;
  const [from, until] = [fromHour * 60 + fromMinute, untilHour * 60 + untilMinute];
  return from > DAY || until > DAY ? undefined : { from: from % DAY, until: until % DAY };
};
