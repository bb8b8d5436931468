// @ts-check
// The entry of `agentphone-wasm/sandbox` in Node: the sandbox in memory, and the same over HTTP.

import { create } from "../js/sandbox.mjs";
import { loadEngine } from "./load.mjs";

export { serveSandbox } from "./server.mjs";

/** @type {typeof import("../js/types.js").createSandbox} */
export function createSandbox(options) {
  loadEngine();
  return create(options);
}
