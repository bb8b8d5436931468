// Runs in a page for chromium.mjs and memory.mjs: makes the requests of one case with one client over a stub.
import { cases } from "../cpu-cases.mjs";
import { requests, stubOf } from "../outcomes.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

/** @type {Foreign} */ (globalThis).begin = async (
  /** @type {string} */ clientName,
  /** @type {string} */ caseName,
) => {
  const options = {
    baseUrl: "https://api.agentphone.ai",
    fetch: stubOf(cases[caseName]),
    dangerouslyAllowBrowser: true,
  };
  const { check, load, one, sequential, atOnce } = await requests(clientName, caseName, options);
  check(await one());
  check(await sequential(load.quick.warmUp));
  check(await atOnce(1));
  const { sequential: count, batches } = load.quick;
  /** Makes the requests of one round and returns their number. */
  /** @type {Foreign} */ (globalThis).ways = {
    sequential: async () => (check(await sequential(count)), count),
    atOnce: async () => (check(await atOnce(batches)), batches * load.batch),
  };
  /** @type {Foreign} */ (globalThis).more = async (/** @type {number} */ count) =>
    check(await atOnce(count / 100, 100));
};
