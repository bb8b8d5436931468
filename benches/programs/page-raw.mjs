// The smallest page with no client: what importing a file and calling `fetch` cost by themselves.
/** @import { Foreign } from "../../tests/support/foreign.js" */

export const send = async (/** @type {Foreign} */ fetch) =>
  (await fetch(`${location.origin}/v1/agents`, { headers: { accept: "application/json" } })).json();
