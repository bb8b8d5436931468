// Not .mjs: the server of the test runner does not know that name as JavaScript.
//
// How an answer of the sandbox's engine comes to the client: as a `Response` whose body is complete, comes in pieces, breaks off
// or stays out, as the engine wants it. `engine.rs` decides what comes.

const broken = () => new TypeError("fetch failed");

export class Answer {
  #body;
  #action;
  #leave;
  /** Of the body, once somebody can read it; what comes earlier waits in `#early`. @type {ReadableStreamDefaultController<Uint8Array> | undefined} */
  #controller;
  /** @type {((controller: ReadableStreamDefaultController<Uint8Array>) => void)[]} */
  #early = [];

  /**
   * @param {Uint8Array} body All of it, or the beginning where `live`, whose rest comes by `chunk`.
   * @param {string} action What happens to it on its way: a variant of the engine's `Action`.
   * @param {boolean} live
   * @param {() => void} leave Told when nobody reads on.
   */
  constructor(body, action, live, leave) {
    this.#body = body;
    this.#action = action;
    this.#leave = live ? leave : () => {};
    this.live = live;
  }

  /** What `fetch` resolves with. @param {number} status @param {[string, string][]} headers @param {number} delay Milliseconds @param {AbortSignal | undefined} signal */
  async response(status, headers, delay, signal) {
    const aborted = new Promise((_, reject) => {
      const abort = () => {
        reject(signal?.reason);
        this.#controller?.error(signal?.reason);
        this.#leave();
      };
      if (signal?.aborted) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    });
    // Nobody may be waiting when it comes.
    aborted.catch(() => {});
    if (delay > 0) await Promise.race([aborted, new Promise((resolve) => setTimeout(resolve, delay))]);
    if (this.#action === "CutBeforeHeaders") throw broken();
    if (this.#action === "StallHeaders") await aborted;
    if (signal?.aborted) throw signal.reason;
    const bodiless = [204, 205, 304].includes(status);
    const body = bodiless
      ? null
      : new ReadableStream({ start: (controller) => this.#begin(controller), cancel: () => this.#leave() });
    return new Response(body, { status, headers });
  }

  /** @param {ReadableStreamDefaultController<Uint8Array>} controller */
  #begin(controller) {
    this.#controller = controller;
    const half = this.#body.slice(0, this.#body.length / 2);
    if (this.#action === "Normal") {
      if (this.#body.length > 0) controller.enqueue(this.#body);
      if (!this.live) controller.close();
      for (const give of this.#early.splice(0)) give(controller);
      return;
    }
    if (this.#action !== "CutAfterHeaders" && half.length > 0) controller.enqueue(half);
    // Later, because an error throws away what nobody has read yet.
    if (this.#action !== "StallBody") setTimeout(() => controller.error(broken()), 20);
  }

  /** The next piece of a live body. @param {Uint8Array} bytes @param {boolean} last */
  chunk(bytes, last) {
    const give = (/** @type {ReadableStreamDefaultController<Uint8Array>} */ controller) => {
      if (bytes.length > 0) controller.enqueue(bytes);
      if (last) controller.close();
    };
    if (this.#controller) give(this.#controller);
    else this.#early.push(give);
  }
}
