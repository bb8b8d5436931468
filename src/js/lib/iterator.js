// @ts-check
// What an async iterator needs besides `next` and `return`: `throw`, for `yield*`, and the key for `await using`.

/**
 * Makes `await using` close the object, in hosts that support it.
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
 * Makes an iterator from its two steps.
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
