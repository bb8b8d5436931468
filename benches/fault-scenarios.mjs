// The scenarios of the fault table. A scenario gets `open` (creates a client whose server has the fault) and
// `counters` (what the server has seen of that client), and returns the figures.

import { badSuccesses, documentedErrors } from "./fault-answers.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

const agentId = "agt_benchmark";
const toNumber = (/** @type {number} */ index) => `+1415555${String(index).padStart(4, "0")}`;
const range = (/** @type {number} */ count) => Array.from({ length: count }, (_, index) => index);
const sum = (/** @type {Foreign} */ values) =>
  values.reduce((/** @type {Foreign} */ total, /** @type {unknown} */ value) => total + value, 0);

/** Resolves with the outcome of a promise and its duration. */
const settled = (/** @type {Foreign} */ promise) => {
  const began = performance.now();
  return promise.then(
    (/** @type {unknown} */ value) => ({ value, ms: performance.now() - began }),
    (/** @type {import("agentphone-wasm").AnyAgentPhoneError} */ error) => ({ error, ms: performance.now() - began }),
  );
};

/** What a caller sees of an error: its class, and its code if that is a string (a DOMException's is a number). */
const seen = (/** @type {Foreign} */ { name, code }) => (typeof code === "string" ? `${name} ${code}` : name);

/** Places 120 calls; a third of the responses is lost. */
export const lostAnswers = async (/** @type {Foreign} */ { open, counters }) => {
  const client = await open("lost-answers");
  const calls = range(120).map((index) => ({ agentId, toNumber: toNumber(index) }));
  const outcomes = await Promise.all(calls.map((call) => settled(client.createCall(call))));
  const { requests, placed, lostFirst } = await counters("lost-answers");
  const failed = outcomes.filter(({ error }) => error);
  return {
    calls: calls.length,
    requests,
    lost: lostFirst,
    duplicates: sum(Object.values(placed)) - Object.keys(placed).length,
    failed: failed.length,
    told: failed.filter(({ error }) => error.outcomeUnknown === true).length,
  };
};

/** The outcome of a call, and how the client determined it if it did so itself. */
const settledBy = (/** @type {Foreign} */ promise) =>
  settled(typeof promise.withResponse === "function" ? promise.withResponse() : promise).then(
    (/** @type {Foreign} */ { value, error, ms }) => ({
      id: value?.data?.id ?? value?.id,
      how: value?.settled?.how,
      error,
      ms,
    }),
  );

/** 120 calls, each with a key if the client supports them; 90 responses are lost after the call was placed. */
export const mostAnswers =
  (/** @type {string} */ fault) =>
  async (/** @type {Foreign} */ { open, counters }) => {
    const client = await open(fault);
    const outcomes = await Promise.all(
      range(120).map(async (index) => {
        const call = { agentId, toNumber: toNumber(index) };
        return { ...(await settledBy(client.createCall(call, { idempotencyKey: `call-${index}` }))), index };
      }),
    );
    const { placed, lostFirst } = await counters(fault);
    const own = (/** @type {number} */ index) => `call_${toNumber(index).slice(1)}_1`;
    const duplicates = (/** @type {number} */ index) => Math.max(0, (placed[toNumber(index)] ?? 0) - 1);
    const found = outcomes.filter(({ how }) => how !== undefined);
    return {
      calls: outcomes.length,
      lost: lostFirst,
      duplicates: sum(range(120).map(duplicates)),
      found: found.filter(({ id, index }) => id === own(index)).length,
      wrong: found.filter(({ id, index }) => id !== own(index)).length,
      certainAndWrong: found.filter(({ id, how, index }) => how === "certain" && id !== own(index)).length,
      inDoubt: outcomes.filter(({ error }) => error?.outcomeUnknown === true).length,
      seconds: Math.max(...outcomes.map(({ ms }) => ms)) / 1000,
    };
  };

/** Calls that all get a 503 without Retry-After. */
export const outage =
  (/** @type {number} */ count) =>
  async (/** @type {Foreign} */ { open, counters }) => {
    const fault = "outage";
    const client = await open(fault);
    const before = await counters(fault);
    const outcomes = await Promise.all(range(count).map(() => settled(client.listCalls())));
    const { requests } = await counters(fault);
    return {
      calls: count,
      requests: requests - before.requests,
      failed: outcomes.filter(({ error }) => error).length,
      seconds: Math.max(...outcomes.map(({ ms }) => ms)) / 1000,
    };
  };

/** Concurrent calls to an API that accepts 20 per second. */
export const rateLimit =
  (/** @type {number} */ count) =>
  async (/** @type {Foreign} */ { open, counters }) => {
    const client = await open("rate-limit");
    const calls = range(count).map((index) => ({ agentId, toNumber: toNumber(index) }));
    const outcomes = await Promise.all(calls.map((call) => settled(client.createCall(call))));
    const { requests } = await counters("rate-limit");
    return {
      calls: count,
      succeeded: outcomes.filter(({ error }) => !error).length,
      requests,
      seconds: Math.max(...outcomes.map(({ ms }) => ms)) / 1000,
    };
  };

/** Headers and half of the body arrive, then nothing. The timeout is 500 ms and there are no retries. */
export const stall =
  (/** @type {number} */ patience) =>
  async (/** @type {Foreign} */ { open }) => {
    const client = await open("stall", { timeout: 500, maxRetries: 0 });
    let timer;
    const nobodyWaits = new Promise((resolve) => {
      timer = setTimeout(resolve, patience, undefined);
    });
    const outcome = await Promise.race([settled(client.listCalls()), nobodyWaits]);
    clearTimeout(timer);
    if (!outcome) return { what: "nothing", ms: null, waited: patience };
    return { what: outcome.error ? seen(outcome.error) : "data", ms: outcome.ms, waited: patience };
  };

/** Aborts after 300 ms, while the client waits for a Retry-After of 3 s. */
export const abort = async (/** @type {Foreign} */ { open }) => {
  const client = await open("retry-after");
  const controller = new AbortController();
  const outcome = settled(client.listCalls({ signal: controller.signal }));
  const answered = settled(outcome);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const aborted = performance.now();
  controller.abort();
  const { error } = (await answered).value;
  const ms = performance.now() - aborted;
  // A client that does not retry has failed before the abort.
  return error?.status === 429 ? { what: seen(error), ms: null } : { what: seen(error), ms };
};

/** The connection of a GET is cut; a retry would succeed. */
export const cut = async (/** @type {Foreign} */ { open, counters }) => {
  const client = await open("cut-once");
  const { error } = await settled(client.listCalls());
  const { requests } = await counters("cut-once");
  return { what: error ? seen(error) : "data", requests };
};

/** Documented errors: is the code on the error itself? */
export const errorCodes = async (/** @type {Foreign} */ { open }) => {
  const client = await open("errors", { maxRetries: 0 });
  const outcomes = await Promise.all(documentedErrors.map((_, index) => settled(client.getAgent(`agt_${index}`))));
  const right = outcomes.filter(({ error }, index) => error?.code === documentedErrors[index].code);
  return { errors: documentedErrors.length, withCode: right.length };
};

/** 200 responses that violate the contract. */
export const badSuccess = async (/** @type {Foreign} */ { open }) => {
  const client = await open("bad-success", { maxRetries: 0 });
  /** @type {Record<string, Foreign>} */
  const outcomes = {};
  for (const kind of Object.keys(badSuccesses)) {
    const { value, error } = await settled(client.getAgent(kind));
    outcomes[kind] = error ? seen(error) : `data: ${JSON.stringify(value)?.slice(0, 24) ?? "undefined"}`;
  }
  return outcomes;
};
