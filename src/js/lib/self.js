// @ts-check
// How the objects that users hold are found behind a proxy (Vue, Pinia, MobX): their private members are not on it.

const SELF = Symbol("self");

/**
 * Has an object be found through proxies of it. By a function, because proxies that wrap the objects which they return
 * leave functions alone. @param {object} target
 */
export const findable = (target) =>
  void Object.defineProperty(target, SELF, { value: () => target, writable: true, configurable: true });

/** The object that is behind `given`. @template T @param {T} given @returns {T} */
export const self = (given) => /** @type {any} */ (given)[SELF]?.() ?? given;

/** Has all methods and getters of a class work on proxies of its objects, which its constructor makes findable. @param {Function} Class */
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
