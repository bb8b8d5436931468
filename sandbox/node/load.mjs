// @ts-check
// Loads the engine in Node: one file, read and compiled when the first sandbox is created.

import { readFileSync } from "node:fs";
import { Engine, initSync } from "../dist/agentphone_sandbox.js";

let ready = false;

const read = () => {
  try {
    return readFileSync(new URL("../dist/agentphone_sandbox_bg.wasm", import.meta.url));
  } catch (cause) {
    throw new Error(
      "sandbox.wasm is not beside the code of agentphone-wasm/sandbox. A bundler has taken the code away from it: leave the package out of the bundle (external), or copy the file there.",
      { cause },
    );
  }
};

/** The engine class, ready to use. */
export function loadEngine() {
  if (!ready) initSync({ module: read() });
  ready = true;
  return Engine;
}
