// @ts-check
// The entry for pages, workers and bundlers: the module is embedded in the JavaScript, so that there is no
// `init()` to await and bundlers need no support for .wasm files. Where code may not be compiled at run time,
// `createSandbox({ module })` accepts a module that the platform has compiled.

import { initSync } from "../dist/agentphone_sandbox.js";
// @ts-expect-error The package's bundler turns the file into bytes.
import bytes from "../dist/agentphone_sandbox_bg.wasm";
import { create } from "./sandbox.mjs";

let ready = false;

/** @type {typeof import("./types.js").createSandbox} */
export function createSandbox(options = {}) {
  if (!ready) initSync({ module: options.module ?? bytes() });
  ready = true;
  return create(options);
}
