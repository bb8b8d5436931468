// @ts-check
// The caller's hooks and log. They observe: one that throws is reported and changes nothing, because a
// mistake in a counter must not cost a call. Log lines name operations and path templates and never ids;
// of a response's headers only those on a list of harmless ones are shown, so that an unforeseen header
// cannot leak, and what the caller sent is taken out of them, because a server may put it into any.

import { redactedOf } from "../errors/redact.js";
import { HOOKS, LEVELS } from "../input/options.js";
import { attempt, onRejection, quietly } from "../lib/fields.js";
import { operationOf } from "../state/table.js";

/** @typedef {import("../input/options.js").Settings} Settings */

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

/** @param {Settings} settings @param {number} level @param {string} line @param {unknown[]} about */
const write = ({ logger, logLevel }, level, line, about) => {
  if (logLevel < level) return;
  // A logger that throws or rejects has nowhere to say so.
  quietly(() =>
    (logger ?? console)[/** @type {import("../input/options.js").Level} */ (LEVELS[level])](
      `agentphone: ${line}`,
      ...about,
    ),
  );
};

/** What each log has been warned of. @type {WeakMap<object, Set<string>>} */
const warned = new WeakMap();
/** A log is warned no more often: a caller's names may be made up. */
const MOST_WARNINGS = 200;

/** @param {Settings} settings @param {number} row @param {string} about @param {() => string} words */
const warn = (settings, row, about, words) => {
  if (settings.logLevel < 2) return;
  const { id, method, path } = operationOf(row);
  const key = `${id} ${about}`;
  const log = settings.logger ?? console;
  const had = warned.get(log) ?? new Set();
  warned.set(log, had);
  if (had.has(key) || had.size >= MOST_WARNINGS) return;
  had.add(key);
  write(settings, 2, `${id} (${method} ${path}): ${words()}`, []);
};

/**
 * Writes a warning that concerns an operation, unless this log has it already. Where there is no log, not even a
 * `console`, there is nobody to warn.
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

/** Levels and words of the lines, as `Line` of src/client/observe.rs has them. @type {[number, (number: number) => string][]} */
const LINES = [
  [4, () => "sent"],
  [4, (status) => `received status ${status}`],
  [2, (delay) => `was rate limited; retrying in ${delay} ms`],
  [3, (delay) => `failed; retrying in ${delay} ms`],
];

/**
 * Writes a line to the log, for a response with its headers.
 * @param {Settings} settings @param {number} place In `LINES` @param {number} row @param {number} number Of the attempt
 * @param {number} about The number in the line @param {import("../http/body.js").ResponseLike | undefined} response
 * @param {import("../input/arguments.js").Prepared} prepared @param {string | undefined} key The key of a supplier
 */
export const log = (settings, place, row, number, about, response, prepared, key) => {
  const { id, method, path } = operationOf(row);
  const [level, words] = /** @type {(typeof LINES)[0]} */ (LINES[place]);
  // Without the headers, if there is no memory or stack to look through them.
  const headers = response === undefined ? undefined : attempt(() => shownHeaders(response, settings, prepared, key));
  write(
    settings,
    level,
    `${id} (${method} ${path}), attempt ${number} ${words(about)}`,
    headers === undefined ? [] : [headers],
  );
};

/**
 * Calls a hook. Its event is made of two values that mean something else to each of them.
 * @param {Settings} settings @param {number} place In `HOOKS`
 * @param {number} row @param {number} attempt
 * @param {unknown} one @param {unknown} other
 */
export const callHook = (settings, place, row, attempt, one, other) => {
  const complain = (/** @type {unknown} */ thrown) =>
    write(settings, 1, `hook ${HOOKS[place]} failed; the request goes on`, [thrown]);
  const { id, method, path } = operationOf(row);
  const event = { operation: id, method, path, attempt };
  const more = [{}, { status: one, elapsed: other }, { delay: one, error: other }][place];
  const hook = /** @type {import("../input/options.js").Hook} */ (settings.hooks[place]);
  try {
    onRejection(hook(more ? { ...event, ...more } : one), complain);
  } catch (thrown) {
    complain(thrown);
  }
};
