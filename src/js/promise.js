// @ts-check
// The promise that every operation returns: a promise of the data that also knows the answer it came
// in. JavaScript, because Rust cannot express `class … extends Promise`.

export class ApiPromise extends Promise {
  /** @type {any} */ #settle;
  /** @type {any} */ #answer;

  /** @param {(resolve: any, reject: any) => void} [executor] */
  constructor(executor) {
    let settle;
    super((resolve, reject) => {
      settle = { resolve, reject };
      executor?.(resolve, reject);
    });
    this.#settle = settle;
  }

  /** `then` and its kin give plain promises: what they resolve to has no answer of its own. */
  static get [Symbol.species]() {
    return Promise;
  }

  withResponse() {
    return this.then((data) => {
      const { response, attempts, elapsed } = this.#answer;
      const header = (/** @type {string} */ name) => response.headers?.get?.(name) ?? undefined;
      return { data, response, requestId: header("x-request-id") ?? header("cf-ray"), attempts, elapsed };
    });
  }

  /** @param {ApiPromise} promise @param {any} data @param {any} response @param {number} attempts @param {number} elapsed */
  static fulfil(promise, data, response, attempts, elapsed) {
    promise.#answer = { response, attempts, elapsed };
    promise.#settle.resolve(data);
  }

  /** @param {ApiPromise} promise @param {any} error */
  static fail(promise, error) {
    promise.#settle.reject(error);
  }
}
