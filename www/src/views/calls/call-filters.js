// @ts-check
// Filters of calls that the API does not support: a span of time, names, and words that were said.

/** @typedef {{ startedAt: string, status: string, direction?: string | undefined, fromNumber: string, toNumber: string, agentName?: string | null | undefined, lastTranscriptSnippet?: string | null | undefined }} Call */
/** Milliseconds; an absent end is open. @typedef {{ after?: number, before?: number }} Span */

export const PERIODS = /** @type {const} */ ([
  ["today", "Today"],
  ["yesterday", "Yesterday"],
  ["7d", "Last 7 days"],
  ["30d", "Last 30 days"],
  ["custom", "Between two days"],
]);

/** A day in the user's time zone. @param {number} now @param {number} ago */
function midnight(now, ago) {
  const day = new Date(now);
  // By the calendar: a day may have 23 or 25 hours.
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - ago).getTime();
}

/** @param {string} text `2026-11-29` @param {number} later Days. */
function dayOf(text, later) {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(day) + later).getTime();
}

/**
 * The span that a period in the address means now.
 * @param {string} period @param {string} from @param {string} to @param {number} now
 * @returns {Span}
 */
export function spanOf(period, from, to, now) {
  switch (period) {
    case "today":
      return { after: midnight(now, 0) };
    case "yesterday":
      return { after: midnight(now, 1), before: midnight(now, 0) };
    case "7d":
      return { after: midnight(now, 6) };
    case "30d":
      return { after: midnight(now, 29) };
    case "custom": {
      const [after, before] = [dayOf(from, 0), dayOf(to, 1)];
      return { ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) };
    }
    default:
      return {};
  }
}

/** Whether a time is in a span. @param {string} at @param {Span} span */
export function isWithin(at, { after = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY }) {
  const time = Date.parse(at);
  return time >= after && time < before;
}

/**
 * Whether a call contains all words: in the other person's name, the agent's name, what was said last, or a number.
 * @param {Call} call @param {string} typed @param {(phone: string) => string | undefined} nameOf
 */
export function hasWords({ fromNumber, toNumber, agentName, lastTranscriptSnippet }, typed, nameOf) {
  const text = [nameOf(fromNumber), nameOf(toNumber), agentName, lastTranscriptSnippet, fromNumber, toNumber]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
  return typed
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
