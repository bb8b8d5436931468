// The smallest page without a client: the cost of importing a file and calling `fetch`.
/** @import { Foreign } from "../../tests/support/foreign.js" */

export const send = async (/** @type {Foreign} */ fetch) =>
  (await fetch(`${location.origin}/v1/agents`, { headers: { accept: "application/json" } })).json();
