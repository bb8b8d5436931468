// @ts-check
// The Node entry of `agentphone-wasm/sandbox`: the in-memory sandbox and the HTTP server.

import { create } from "../js/sandbox.mjs";
import { loadEngine } from "./load.mjs";

export { serveSandbox } from "./server.mjs";

/** @type {typeof import("../js/types.js").createSandbox} */
export function createSandbox(options) {
  loadEngine();
  return create(options);
}
