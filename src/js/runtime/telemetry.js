// @ts-check
// The caller's telemetry (the option `telemetry`): observes a call from start to end. If it throws or breaks its contract, only the
// observation suffers, never the call.

import { CODES, codeOfStatus } from "../errors/catalogue.js";
import { attempt, isObject, quietly } from "../lib/fields.js";
import { operationOf } from "../state/table.js";

/** @typedef {import("../input/options.js").Settings} Settings */
/** @typedef {import("../state/in-flight.js").InFlight} InFlight */
/** @typedef {import("../../client/telemetry.js").CallTelemetry} CallTelemetry */
/** @typedef {import("../../client/telemetry.js").CallEnd} CallEnd */
/** The end of a call; the defaults are filled in. @typedef {Partial<CallEnd>} End */

/** The fields of an intent that telemetry receives. @typedef {{ state?: any, how?: any }} Settled */

/** Whether the caller has passed telemetry. @param {Settings} settings */
export const isFollowed = ({ telemetry }) => telemetry !== undefined;

/**
 * Runs `work` inside the caller's `around`, such as in its async context. If `around` throws first or does not call its argument,
 * `work` runs without it.
 * @template T, G @param {(work: (given?: G) => void) => unknown} around @param {(given?: G) => T} work @returns {T}
 */
const inside = (around, work) => {
  /** @type {{ value: T } | { thrown: unknown } | undefined} */
  let done;
  /** @type {(given?: G) => void} */
  const once = (given) => {
    if (done) return;
    try {
      done = { value: work(given) };
    } catch (thrown) {
      done = { thrown };
    }
  };
  quietly(() => around(once));
  if (!done) once();
  const { value, thrown } = /** @type {{ value: T, thrown?: unknown }} */ (/** @type {unknown} */ (done));
  if (value === undefined && thrown !== undefined) throw thrown;
  return value;
};

/** A code that telemetry receives: one of the catalogue, or that of the status. A response may contain any text as its code. @param {any} error */
const codeOf = (error) => {
  const [code, status] = attempt(() => [error.code, error.status]) ?? [];
  if (typeof code === "string" && CODES.has(code)) return code;
  return typeof status === "number" && status > 0 ? codeOfStatus(status) : undefined;
};

/** Host and port that requests go to. @param {string} baseUrl */
const serverOf = (baseUrl) => {
  const { hostname, port, protocol } = new URL(baseUrl);
  return { address: hostname.replace(/^\[|\]$/g, ""), port: Number(port || (protocol === "https:" ? 443 : 80)) };
};

/** The fields of every event of a request. @param {number} row @param {number} number */
const aboutRequest = (row, number) => {
  const { id, method, path } = operationOf(row);
  return { operation: id, method, path, attempt: number };
};

/** Observes one call. */
export class Trace {
  #of;
  #over = false;

  /** @param {CallTelemetry} of */
  constructor(of) {
    this.#of = of;
  }

  /** Starts the call, in the context of its telemetry. @param {() => void} begin */
  run(begin) {
    inside((work) => this.#of.run?.(() => work()), begin);
  }

  /**
   * Calls `fetch`.
   * @param {Settings} settings @param {number} row @param {number} number Of the attempt @param {boolean} lookup
   * @param {(headers?: Record<string, string>) => unknown} send
   */
  send(settings, row, number, lookup, send) {
    return inside((work) => {
      const server = serverOf(settings.baseUrl);
      return this.#of.send?.({ ...aboutRequest(row, number), ...server, lookup }, work);
    }, send);
  }

  /** @param {"received" | "retrying" | "waited" | "looked"} moment @param {number} row @param {number} number Of the attempt @param {number} about @param {string} word @param {boolean} lookup */
  note(moment, row, number, about, word, lookup) {
    quietly(() => {
      const of = this.#of;
      if (moment === "waited") return of.waited?.({ reason: word, duration: about });
      if (moment === "looked") return of.looked?.({ found: about });
      const event = { ...aboutRequest(row, number), lookup };
      const refused = word === "REFUSED";
      const code = word === "" || refused ? undefined : word;
      if (moment === "retrying") return of.retrying?.({ ...event, delay: about, code });
      const status = about > 0 ? about : undefined;
      return of.received?.({ ...event, status, failed: word !== "", code });
    });
  }

  /** @param {unknown} data @param {{ settled: Settled | undefined, replayed: boolean }} known */
  fulfilled(data, { settled, replayed }) {
    const shown = settled && { state: settled.state, how: settled.how };
    this.#end({ data, settled: shown, replayed });
  }

  /** @param {any} error */
  failed(error) {
    /** @type {Settled | undefined} */
    const settled = attempt(() => error.settlement);
    this.#end({
      error,
      failed: true,
      code: codeOf(error),
      outcomeUnknown: attempt(() => error.outcomeUnknown) === true,
      settled: settled && attempt(() => ({ state: settled.state, how: settled.how })),
    });
  }

  /** The call is over, whatever its outcome. */
  settle() {
    this.#end({});
  }

  /** @param {End} end */
  #end(end) {
    if (this.#over) return;
    this.#over = true;
    /** @type {CallEnd} */
    const all = {
      failed: false,
      code: undefined,
      outcomeUnknown: false,
      replayed: false,
      settled: undefined,
      data: undefined,
      error: undefined,
      ...end,
    };
    quietly(() => this.#of.ended?.(all));
  }
}

/**
 * Starts a call, observed by the caller's telemetry if there is any.
 * @param {Settings} settings @param {number | undefined} row Of its operation @param {string | undefined} name If it differs from the operation's id
 * @param {InFlight} inFlight @param {() => void} begin
 */
export const follow = (settings, row, name, inFlight, begin) => {
  const { telemetry } = settings;
  if (!telemetry) return begin();
  const { id = "", method, path } = (row === undefined ? undefined : operationOf(row)) ?? {};
  const operation = name ?? id;
  const of = attempt(() => telemetry.start(name === undefined ? { operation, method, path } : { operation }));
  if (!isObject(of)) return begin();
  const trace = new Trace(/** @type {CallTelemetry} */ (of));
  inFlight.trace = trace;
  trace.run(begin);
};

/** Reports what happened to a request. @param {import("../input/arguments.js").Prepared} prepared @param {"received" | "retrying" | "waited" | "looked"} moment @param {number} row @param {number} number @param {number} about @param {string} word */
export const note = ({ inFlight }, moment, row, number, about, word) =>
  inFlight?.trace?.note(moment, row, number, about, word, inFlight.lookup);

/**
 * Replaces the call's in-flight state in requests that look for its outcome. They belong to the call for telemetry only, and do
 * not count as requests that the call itself has sent.
 * @param {InFlight | undefined} inFlight
 */
export const lookupsOf = (inFlight) =>
  inFlight?.trace && { trace: inFlight.trace, lookup: true, sent: () => {}, useSettings: () => {} };
