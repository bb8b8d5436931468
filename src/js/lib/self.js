// @ts-check
// Finds the client's own objects behind a proxy (Vue, Pinia, MobX), which does not have their private members.

const SELF = Symbol("self");

/**
 * Makes an object findable through its proxies. By a function, because proxies that wrap the objects which they return
 * leave functions alone. @param {object} target
 */
export const findable = (target) =>
  void Object.defineProperty(target, SELF, { value: () => target, writable: true, configurable: true });

/** The object behind `given`. @template T @param {T} given @returns {T} */
export const self = (given) => /** @type {any} */ (given)[SELF]?.() ?? given;

/** Makes all methods and getters of a class work on proxies of its objects, which its constructor makes findable. @param {Function} Class */
export const throughProxies = ({ prototype }) => {
  for (const key of Reflect.ownKeys(prototype)) {
    const property = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(prototype, key));
    const { value, get } = property;
    if (key === "constructor") continue;
    if (get)
      property.get = function () {
        return get.call(self(this));
      };
    else
      property.value = function (/** @type {unknown[]} */ ...given) {
        return value.apply(self(this), given);
      };
    Object.defineProperty(prototype, key, property);
  }
};
