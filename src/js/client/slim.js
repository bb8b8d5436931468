// @ts-check
// `agentphone-wasm/slim`: the client for those who bring its module (`agentphone-wasm/agentphone.wasm`) themselves,
// because their page streams it as a file of its own or their runtime compiles it ahead.

/** True for what has to be waited for. @param {any} source */
const waits = (source) => typeof source?.then === "function" || typeof source?.arrayBuffer === "function";

/** @param {any} source @returns {Promise<any>} */
const fetched = async (source) => {
  const given = await source;
  if (typeof given?.arrayBuffer !== "function") return given;
  if (given.ok === false) throw new TypeError(`init: the module was answered with status ${given.status}`);
  try {
    return await WebAssembly.compileStreaming(given.clone());
  } catch {
    // Not every runtime has it, and it refuses what a server calls by another type than application/wasm.
    return await given.arrayBuffer();
  }
};

/**
 * Makes `init` over what begins the client with a module or its bytes.
 * @param {(module: any) => void} begin
 */
export const initWith = (begin) => (/** @type {any} */ source) => (waits(source) ? fetched(source).then(begin) : begin(source));
