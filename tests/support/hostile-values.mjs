// Values that a server or a caller's own code could hand to the client, each of which has broken some program: getters and proxies
// that throw, revoked proxies, nesting deeper than the stack, bytes of unknown length.

export const boom = () => {
  throw new Error("hostile");
};
// biome-ignore lint/complexity/useArrowFunction: it can also be constructed
const CALLABLE = function () {};
export const revoked = () => {
  const { proxy, revoke } = Proxy.revocable(CALLABLE, {});
  revoke();
  return proxy;
};
/** Every trap throws. */
export const trap = new Proxy(CALLABLE, new Proxy({}, { get: () => boom }));
const deep = (/** @type {number} */ levels) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
/** Bytes that do not say how many they are. */
class Unmeasurable extends Uint8Array {
  /** @override @returns {number} */
  get byteLength() {
    return boom();
  }
}
/** Values of which a caller's `fetch`, signal or body can be made. */
export const VALUES = [
  undefined,
  null,
  0,
  Number.NaN,
  "",
  "x",
  true,
  5n,
  Symbol("s"),
  [],
  {},
  () => {},
  boom,
  revoked(),
  trap,
  new Date(Number.NaN),
  new Map(),
  Object.create(null),
  deep(20_000),
  { headers: { get: boom } },
  { headers: { get: () => Symbol("s") } },
  { headers: { get: () => trap } },
  { headers: revoked() },
  {
    get headers() {
      return boom();
    },
  },
  { text: boom, status: 200 },
  {
    get status() {
      return boom();
    },
  },
  {
    get text() {
      return boom();
    },
  },
  {
    get then() {
      return boom();
    },
  },
  { body: { getReader: boom } },
  {
    get body() {
      return boom();
    },
  },
  { body: { getReader: () => trap } },
  { body: { [Symbol.asyncIterator]: boom } },
  { cause: trap },
  {
    get cause() {
      return boom();
    },
  },
  { cause: { errors: [trap] } },
  Object.create(Uint8Array.prototype),
  Object.defineProperty(new Uint8Array(2), "length", { get: boom }),
  Object.defineProperty(new Uint8Array(2), "buffer", { get: boom }),
  new Unmeasurable(2),
  { aborted: false, addEventListener: boom, removeEventListener: boom },
  {
    get aborted() {
      return boom();
    },
  },
  {
    aborted: true,
    get reason() {
      return boom();
    },
  },
  { id: trap, toString: boom, [Symbol.toPrimitive]: boom },
];
/** Bodies that a server can send. */
export const BODIES = [
  "",
  "x",
  "null",
  "7",
  '"x"',
  "[]",
  "{",
  "<title>",
  "[".repeat(200_000),
  "[".repeat(20_000) + "]".repeat(20_000),
  `{"detail":${"[".repeat(20_000)}${"]".repeat(20_000)}}`,
  `{"error":${'{"error":'.repeat(20_000)}1${"}".repeat(20_000)}}`,
  `{"detail":[${'{"loc":[1E20],"msg":"m"},'.repeat(2_000)}{}]}`,
  `{"detail":[{"loc":[${"1E20,".repeat(200_000)}1]}]}`,
  `{"error":{"details":[${`${"[".repeat(5_000)}${"]".repeat(5_000)},`.repeat(20)}null,1]}}`,
  `{"error":{"details":[{"message":${"[".repeat(5_000)}${"]".repeat(5_000)}}]}}`,
  `{"detail":"${"1!".repeat(500_000)}"}`,
  '{"__proto__":{"code":"X"},"detail":{"__proto__":null}}',
  '{"detail":"\\ud800\\uffff\\u0000"}',
  '{"error":{"code":"\\u200b\\u202e","type":"\\u0007","message":"\\ufeff"}}',
  '{"data":{"length":-1},"hasMore":{}}',
  '{"data":[null,{"receivedAt":{}}],"total":"1e999"}',
];
