// @ts-check
// `agentphone-wasm/slim`: the client for callers that load its module (`agentphone-wasm/agentphone.wasm`) themselves,
// because their page streams it as a separate file or their runtime compiles it ahead of time.

/** @param {any} source */
const isAddress = (source) => typeof source === "string" || Object.prototype.toString.call(source) === "[object URL]";

/** True for what has to be waited for. @param {any} source */
const waits = (source) =>
  isAddress(source) || typeof source?.then === "function" || typeof source?.arrayBuffer === "function";

/** Fetches an address. It is not shown in errors, because it may hold a secret. @param {string | URL} address */
const loaded = async (address) => {
  try {
    return await fetch(address);
  } catch (cause) {
    throw new TypeError(
      "init: the module cannot be fetched from this address. Where fetch reads no files, read it and pass its bytes",
      { cause },
    );
  }
};

/** Says what bytes are that are not the module. @param {Uint8Array} bytes */
const foundIn = (bytes) => {
  if (bytes.length === 0) return "it is empty";
  const head = String.fromCharCode(...bytes.subarray(0, 20)).trimStart();
  if (head.startsWith("<")) return "it is a page: check its address";
  return head.startsWith("\0asm")
    ? `it was cut after ${bytes.length} bytes, or changed on its way`
    : "it is something else";
};

/** Starts the module; the error of anything else says what it is. @param {(module: any) => void} begin @param {any} source */
const begun = (begin, source) => {
  try {
    begin(source);
  } catch (cause) {
    if (!(cause instanceof WebAssembly.CompileError)) throw cause;
    const bytes = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);
    throw Object.assign(new WebAssembly.CompileError(`init: this is not the module: ${foundIn(bytes)}`), {
      cause,
    });
  }
};

/** What can be compiled; throws for anything else, in words. @param {any} source */
const checked = (source) => {
  const tag = Object.prototype.toString.call(source).slice(8, -1);
  if (ArrayBuffer.isView(source) || ["ArrayBuffer", "SharedArrayBuffer", "WebAssembly.Module"].includes(tag))
    return source;
  throw new TypeError(
    `init needs the module: its address, a Response of it, its bytes or a WebAssembly.Module, not ${source === undefined ? "nothing" : source === null ? "null" : `this ${tag}`}`,
  );
};

/** @param {any} source @returns {Promise<any>} */
const fetched = async (source) => {
  const awaited = await source;
  const given = isAddress(awaited) ? await loaded(awaited) : awaited;
  if (typeof given?.arrayBuffer !== "function") return given;
  const type = given.headers?.get?.("content-type") ?? "";
  if (/^text\/html/.test(type))
    throw new TypeError("init: the server sent a page instead of the module: check its address");
  if (given.ok === false) throw new TypeError(`init: the server responded with status ${given.status}`);
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
export const initWith = (begin) => (/** @type {any} */ source) =>
  waits(source) ? fetched(source).then((given) => begun(begin, checked(given))) : begun(begin, checked(source));
