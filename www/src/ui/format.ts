// How numbers and times read: by the browser's own formatters, in the user's zone and language.

const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
const whole = new Intl.NumberFormat();
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** 302 cents: `$3.02`. */
export const money = (cents: number): string => dollars.format(cents / 100);

/** 12345: `12,345`, as the user's language has it. */
export const number = (value: number): string => whole.format(value);

const share = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });

/** 0.256: `26%`, as the user's language has it. */
export const percent = (value: number): string => share.format(value);

/** `1 call`, `2 calls`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${n === 1 ? one : many}`;

/** 1234.5 ms: `1,235 ms`, with a space that does not break. */
export const millis = (ms: number): string => `${number(Math.round(ms))}\u00a0ms`;

/** 12345: `12.1 kB`; below a thousand, the exact number. */
export const bytes = (n: number): string => (n < 1000 ? `${n} B` : `${oneDigit.format(n / 1000)} kB`);

/** 75 seconds: `1:15`; an hour and more: `1:02:03`. */
export function duration(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const timeFormat = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat(undefined, {
  month: "short",
  day: "numeric",
  hour: "numeric",
  minute: "2-digit",
});
const yearFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const fullFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** The time of day, with seconds. */
export const clock = (at: Date): string => clockFormat.format(at);

const dayNames = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });

/** Day and time: today only the time, in another year only the day. The title has both. */
export function moment(at: Date): string {
  const now = new Date();
  if (at.toDateString() === now.toDateString()) return timeFormat.format(at);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (at.toDateString() === yesterday.toDateString())
    return `${words(dayNames.format(-1, "day"))}, ${timeFormat.format(at)}`;
  return at.getFullYear() === now.getFullYear() ? dayFormat.format(at) : yearFormat.format(at);
}

/** All of it, for a title. */
export const fully = (at: Date): string => fullFormat.format(at);

/** A word of the API for people: `in-progress` becomes `In progress`. */
export function words(value: string): string {
  const text = value.replaceAll(/[-_]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
