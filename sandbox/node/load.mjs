// @ts-check
// The engine in Node: one file, read and compiled when the first sandbox is made.

import { readFileSync } from "node:fs";
import { Engine, initSync } from "../dist/agentphone_sandbox.js";

let ready = false;

/** The class of engines, ready to be used. */
export function loadEngine() {
  if (!ready) initSync({ module: readFileSync(new URL("../dist/agentphone_sandbox_bg.wasm", import.meta.url)) });
  ready = true;
  return Engine;
}
