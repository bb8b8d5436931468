// @ts-check
// Runs steps one after another, even if they are requested at once: `next()` of an async iterator
// may be called again before the previous call has settled, and each call must get its own item, in order.

export class Turns {
  /** @type {Promise<unknown>} */ #last = Promise.resolve();
  #waiting = 0;

  /** True when no step is waiting, so that an item that is ready may be returned at once. */
  get free() {
    return this.#waiting === 0;
  }

  /** @template T @param {() => Promise<T>} step @returns {Promise<T>} */
  take(step) {
    this.#waiting += 1;
    const done = () => void (this.#waiting -= 1);
    const result = this.#last.then(step);
    this.#last = result.then(done, done);
    return result;
  }

  /** Settles when all steps so far are done; never rejects. */
  get last() {
    return this.#last;
  }
}
