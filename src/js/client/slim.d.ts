// The types of `agentphone-wasm/slim`: the client without its module.

export * from "./index.js";

/** A `WebAssembly.Module`, or the bytes of `agentphone-wasm/agentphone.wasm`: an `ArrayBuffer` or a view of one. */
export type ModuleSource = object;

/**
 * Gives the client its module; before that, nothing else of this entry can be used. Once is enough: further
 * calls change nothing.
 *
 * ```js
 * import { AgentPhone, init } from "agentphone-wasm/slim";
 * import url from "agentphone-wasm/agentphone.wasm?url"; // Vite
 * await init(url);
 * const client = new AgentPhone({ baseUrl: "/api/agentphone", apiKey: null });
 * ```
 *
 * @param source A compiled module or its bytes, which are used at once; or its address, a `Response` of it, or a promise
 * of any of these, which are awaited.
 * @throws `TypeError` for no source, for a response that is not a success and for a page of HTML; `WebAssembly.CompileError` for bytes of
 * something else.
 */
export declare function init(
  source: string | URL | Response | PromiseLike<string | URL | Response | ModuleSource>,
): Promise<void>;
export declare function init(source: ModuleSource): void;
