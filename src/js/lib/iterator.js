// @ts-check
// What an async iterator has beside `next` and `return`: `throw`, for `yield*`, and the key of `await using`.

/**
 * Has the object be closed at the end of an `await using` block, in hosts that have it.
 * @param {object} target With the method `return`
 */
export const disposable = (target) => {
  /** @this {{ return: () => Promise<unknown> }} */
  const value = function () {
    return this.return().then(() => {});
  };
  if (Symbol.asyncDispose)
    Object.defineProperty(target, Symbol.asyncDispose, { value, configurable: true, writable: true });
};

/**
 * An iterator out of its two steps.
 * @template T @param {() => Promise<T>} next @param {() => Promise<unknown>} close
 */
export const iterator = (next, close) => {
  const made = {
    next,
    /** @param {unknown} [value] */
    return: async (value) => (await close(), { value: await value, done: /** @type {const} */ (true) }),
    /** @param {unknown} error @returns {Promise<any>} */
    throw: async (error) => {
      await close();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  disposable(made);
  return made;
};
