// Makes the requests of one case with one client, for benchmarks that measure them in their own process, and
// defines which outcomes are wrong.

import { open } from "./clients.mjs";
import { cases } from "./cpu-cases.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** A transport that responds to a case without a network, at the same cost for all clients. */
export const stubOf = (/** @type {Foreign} */ { answer, status }) => {
  const init = { status, headers: { "content-type": "application/json" } };
  return async () => new Response(answer, init);
};

/** Makes one client's requests for one case. `options` are the client's, such as its base URL. */
export const requests = async (
  /** @type {string} */ clientName,
  /** @type {string} */ caseName,
  /** @type {{ baseUrl: string, fetch?: undefined } | { baseUrl: string, fetch: () => Promise<Response> }} */ options,
) => {
  const { send, fails, check, load } = cases[caseName];
  const client = await open(clientName, options);
  const one = async () => {
    if (!fails) return send(client);
    try {
      await send(client);
    } catch (error) {
      return error;
    }
    throw new Error(`${clientName}, ${caseName}: no error came`);
  };
  return {
    load,
    check,
    one,
    /** `count` requests one after another; returns the last outcome. */
    sequential: async (/** @type {number} */ count) => {
      let last;
      for (let i = 0; i < count; i++) last = await one();
      return last;
    },
    /** `batches` batches of concurrent requests; returns the last outcome. */
    atOnce: async (/** @type {number} */ batches, size = load.batch) => {
      let all = [];
      for (let i = 0; i < batches; i++) all = await Promise.all(Array.from({ length: size }, one));
      return all.at(-1);
    },
  };
};
