// The types of `agentphone-wasm/sandbox/slim`: the sandbox without its module.

import type { CompiledModule, ModuleOption, Sandbox, SandboxOptions } from "./types.js";

export type * from "./types.js";

/**
 * Fetches and compiles the module, while it arrives where the server names its type.
 *
 * ```js
 * import url from "agentphone-wasm/sandbox.wasm?url"; // Vite
 * const sandbox = createSandbox({ module: await loadModule(url) });
 * ```
 */
export declare function loadModule(
  source: string | URL | ArrayBuffer | ArrayBufferView | CompiledModule | Response | Promise<Response>,
): Promise<CompiledModule>;

/** Makes a sandbox. The first one needs the module. */
export declare function createSandbox(options: SandboxOptions & Required<ModuleOption>): Sandbox;
