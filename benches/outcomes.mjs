// Makes the requests of one case with one client, for all that measure them in a process of their own, and
// says what a wrong outcome is.

import { open } from "./clients.mjs";
import { cases } from "./cpu-cases.mjs";

/** @import { Foreign } from "../tests/support/foreign.js" */

/** A transport that answers a case without a network: what it costs is the same for all clients. */
export const stubOf = (/** @type {Foreign} */ { answer, status }) => {
  const init = { status, headers: { "content-type": "application/json" } };
  return async () => new Response(answer, init);
};

/** How one client makes the requests of one case; with `options` of the client, such as where it sends them. */
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
    /** So many, one after another; gives the last outcome. */
    sequential: async (/** @type {number} */ count) => {
      let last;
      for (let i = 0; i < count; i++) last = await one();
      return last;
    },
    /** So many batches begun together; gives the last outcome. */
    atOnce: async (/** @type {number} */ batches, size = load.batch) => {
      let all = [];
      for (let i = 0; i < batches; i++) all = await Promise.all(Array.from({ length: size }, one));
      return all.at(-1);
    },
  };
};
