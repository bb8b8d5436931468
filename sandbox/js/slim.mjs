// @ts-check
// The entry for pages that load the module as a separate file when they need it: smaller than embedded in
// JavaScript, compiled while it downloads, and cached separately by the browser.

import { initSync } from "../dist/agentphone_sandbox.js";
import { create } from "./sandbox.mjs";

let ready = false;

/** @type {typeof import("./slim.d.ts").loadModule} */
export async function loadModule(source) {
  if (source instanceof WebAssembly.Module) return source;
  const given = await source;
  if (ArrayBuffer.isView(given) || given instanceof ArrayBuffer)
    return WebAssembly.compile(/** @type {BufferSource} */ (given));
  if (given === undefined || given === null)
    throw new TypeError("loadModule() needs the module: its address, a Response of it or its bytes");
  const answer = typeof given === "string" || given instanceof URL ? await fetch(given) : given;
  if (!answer.ok) throw new Error(`the sandbox's module cannot be fetched: ${answer.status} for ${answer.url}`);
  // A server that does not know .wasm sends another content type, and streaming compilation would reject it.
  const streams = /^application\/wasm\b/i.test(answer.headers.get("content-type") ?? "");
  return streams ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
}

/** @type {typeof import("./slim.d.ts").createSandbox} */
export function createSandbox(options) {
  if (!ready) {
    if (!(options?.module instanceof WebAssembly.Module))
      throw new TypeError("createSandbox({ module }): pass what loadModule() returns");
    initSync({ module: options.module });
  }
  ready = true;
  return create(options);
}
