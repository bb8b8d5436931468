// @ts-check
// The caller's hooks and log. They observe: one that throws is reported and changes nothing, because a
// mistake in a counter must not cost a call. Log lines name operations and path templates and never ids;
// of a response's headers only those on a list of harmless ones are shown, so that an unforeseen header
// cannot leak, and what the caller sent is taken out of them, because a server may put it into any.

import { redactedOf } from "../errors/redact.js";
import { writes } from "../input/options.js";
import { attempt, onRejection, quietly } from "../lib/fields.js";
import { operationOf } from "../state/table.js";

/** @typedef {import("../input/options.js").Settings} Settings */
/** @typedef {import("../input/options.js").Level} Level */
/** @typedef {import("../input/options.js").HookName} HookName */

/** Response headers that a log may show. */
const SHOWN = [
  "cf-ray",
  "content-length",
  "content-type",
  "date",
  "retry-after",
  "retry-after-ms",
  "server",
  "x-ratelimit-limit",
  "x-ratelimit-remaining",
  "x-ratelimit-reset",
  "x-request-id",
];

/** @param {Settings} settings @param {Level} level @param {string} line @param {unknown[]} about */
const write = (settings, level, line, about) => {
  if (!writes(settings, level)) return;
  // A logger that throws or rejects has nowhere to say so.
  quietly(() => (settings.logger ?? console)[level](`agentphone: ${line}`, ...about));
};

/** What each log has been warned of. @type {WeakMap<object, Set<string>>} */
const warned = new WeakMap();
/** A log is warned no more often: a caller's names may be made up. */
const MOST_WARNINGS = 200;

/** @param {Settings} settings @param {number} row @param {string} about @param {() => string} words */
const warn = (settings, row, about, words) => {
  if (!writes(settings, "warn")) return;
  const { id, method, path } = operationOf(row);
  const key = `${id} ${about}`;
  const log = settings.logger ?? console;
  const had = warned.get(log) ?? new Set();
  warned.set(log, had);
  if (had.has(key) || had.size >= MOST_WARNINGS) return;
  had.add(key);
  write(settings, "warn", `${id} (${method} ${path}): ${words()}`, []);
};

/**
 * Writes a warning that concerns an operation, unless this log has it already. Without a log, not even a
 * `console`, nothing is written.
 * @param {Settings} settings @param {number} row @param {string} about What it is known by @param {() => string} words
 */
export const warnOnce = (settings, row, about, words) => void attempt(() => warn(settings, row, about, words));

/** The longest value of a header that is shown, in characters. */
const LONGEST = 200;

/** @param {import("../http/body.js").ResponseLike} response @param {Settings} settings @param {import("../input/arguments.js").Prepared} prepared @param {string | undefined} key */
const shownHeaders = (response, settings, prepared, key) => {
  /** @type {[string, string][]} */
  const found = [];
  for (const name of SHOWN) {
    const text = attempt(() => response.headers.get(name));
    if (typeof text === "string") found.push([name, text]);
  }
  const texts = redactedOf(
    found.map(([, text]) => [text, LONGEST]),
    prepared,
    settings,
    key,
  );
  return Object.fromEntries(found.map(([name], place) => [name, texts[place]]));
};

/**
 * The lines about an attempt, by their names: level and words.
 * @satisfies {Record<string, { level: Level, words: (number: number) => string }>}
 */
const LINES = {
  sent: { level: "debug", words: () => "sent" },
  received: { level: "debug", words: (status) => `received status ${status}` },
  limited: { level: "warn", words: (delay) => `was rate limited; retrying in ${delay} ms` },
  failed: { level: "info", words: (delay) => `failed; retrying in ${delay} ms` },
};

/** @typedef {keyof typeof LINES} Line */

/** Whether a line is written. @param {Settings} settings @param {Line} line */
export const isLogged = (settings, line) => writes(settings, LINES[line].level);

/** Whether the caller has passed a hook. @param {Settings} settings @param {HookName} name */
export const hasHook = (settings, name) => settings.hooks[name] !== undefined;

/**
 * Writes a line to the log, for a response with its headers.
 * @param {Settings} settings @param {Line} line @param {number} row @param {number} number Of the attempt
 * @param {number} about The number in the line @param {import("../http/body.js").ResponseLike | undefined} response
 * @param {import("../input/arguments.js").Prepared} prepared @param {string | undefined} key The key of a supplier
 */
export const log = (settings, line, row, number, about, response, prepared, key) => {
  const { id, method, path } = operationOf(row);
  const { level, words } = LINES[line];
  // Without the headers, if there is no memory or stack to look through them.
  const headers = response === undefined ? undefined : attempt(() => shownHeaders(response, settings, prepared, key));
  write(
    settings,
    level,
    `${id} (${method} ${path}), attempt ${number} ${words(about)}`,
    headers === undefined ? [] : [headers],
  );
};

/** @param {Settings} settings @param {HookName} name @param {unknown} event */
const call = (settings, name, event) => {
  const complain = (/** @type {unknown} */ thrown) =>
    write(settings, "error", `hook ${name} failed; the request continues`, [thrown]);
  try {
    onRejection(settings.hooks[name]?.(event), complain);
  } catch (thrown) {
    complain(thrown);
  }
};

/**
 * Calls a hook about an attempt. Two values of its event mean something else to each hook.
 * @param {Settings} settings @param {Exclude<HookName, "onError">} name
 * @param {number} row @param {number} attempt
 * @param {unknown} one @param {unknown} other
 */
export const callHook = (settings, name, row, attempt, one, other) => {
  const { id, method, path } = operationOf(row);
  const event = { operation: id, method, path, attempt };
  if (name === "onResponse") call(settings, name, { ...event, status: one, elapsed: other });
  else if (name === "onRetry") call(settings, name, { ...event, delay: one, error: other });
  else call(settings, name, event);
};

/** Passes the error that a call ends with to its hook. @param {Settings | undefined} settings @param {unknown} error */
export const emitError = (settings, error) => {
  if (settings && hasHook(settings, "onError")) call(settings, "onError", error);
};
