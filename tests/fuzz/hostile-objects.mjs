// Objects that throw where they are read: getters, proxies with any trap, revoked proxies, objects of other realms, things
// that are no objects. Handed over wherever the package takes something: only AgentPhoneErrors come out of it, promptly, and
// whatever else is under way goes on, because nothing that a caller hands over can break the module.
import assert from "node:assert/strict";
import vm from "node:vm";
import { AgentPhone, AgentPhoneError, voice, webhooks } from "agentphone-wasm";
import { search } from "./chance.mjs";

/** @import { Foreign } from "../support/foreign.js" */

export const name = "hostile-objects";

const REALM = vm.createContext({});
const inRealm = (/** @type {string} */ code) => vm.runInContext(code, REALM);
const revoked = (target = {}) => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};

/** What is thrown: often no error, and an error may itself not be read. @type {Record<string, Foreign>} */
const THROWN = {
  error: () => new Error("hostile"),
  undefined: () => undefined,
  null: () => null,
  symbol: () => Symbol("hostile"),
  string: () => "hostile",
  frozen: () => Object.freeze({ message: "hostile" }),
  revoked: () => revoked(),
  foreign: () => inRealm("new TypeError('hostile')"),
};
const thrower = (/** @type {string} */ thrown) => () => {
  throw THROWN[thrown]();
};

const TRAPS = [
  "get",
  "has",
  "ownKeys",
  "getOwnPropertyDescriptor",
  "getPrototypeOf",
  "set",
  "defineProperty",
  "isExtensible",
];

/** Values by their kind, around `base`, what would be right in that place. `field` is the property that is odd. @type {Record<string, Foreign>} */
const KINDS = {
  getter: (/** @type {Foreign} */ { base, field, thrown }) =>
    Object.defineProperty({ ...base }, field, { get: thrower(thrown), enumerable: true }),
  "hidden getter": (/** @type {Foreign} */ { base, field, thrown }) =>
    Object.defineProperty({ ...base }, field, { get: thrower(thrown), enumerable: false }),
  trap: (/** @type {Foreign} */ { base, field, thrown }) =>
    new Proxy({ ...base }, { [TRAPS[field.length % TRAPS.length]]: thrower(thrown) }),
  "all traps": (/** @type {Foreign} */ { base, thrown }) =>
    new Proxy({ ...base }, Object.fromEntries(TRAPS.map((trap) => [trap, thrower(thrown)]))),
  "keys that are not there": (/** @type {Foreign} */ { base, field }) =>
    new Proxy(
      { ...base },
      {
        ownKeys: () => [...Object.keys(base), field],
        getOwnPropertyDescriptor: (target, key) =>
          Object.getOwnPropertyDescriptor(target, key) ?? { value: 1, enumerable: true, configurable: true },
      },
    ),
  revoked: () => revoked(),
  "revoked function": () => revoked(() => {}),
  "foreign object": (/** @type {Foreign} */ { base }) => inRealm(`(${JSON.stringify(base)})`),
  "foreign getter": (/** @type {Foreign} */ { field }) =>
    inRealm(`({ get [${JSON.stringify(field)}]() { throw 1; } })`),
  "a revoked proxy inside": (/** @type {Foreign} */ { base, field }) => ({ ...base, [field]: revoked() }),
  "a proxy inside": (/** @type {Foreign} */ { base, field, thrown }) => ({
    ...base,
    [field]: new Proxy({}, Object.fromEntries(TRAPS.map((trap) => [trap, thrower(thrown)]))),
  }),
  "a function inside that throws": (/** @type {Foreign} */ { base, field, thrown }) => ({
    ...base,
    [field]: thrower(thrown),
  }),
  "text that cannot be made": (/** @type {Foreign} */ { base, field, thrown }) => ({
    ...base,
    [field]: {
      toString: thrower(thrown),
      valueOf: thrower(thrown),
      toJSON: thrower(thrown),
      [Symbol.toPrimitive]: thrower(thrown),
    },
  }),
  "itself inside": (/** @type {Foreign} */ { base, field }) => {
    const value = { ...base };
    value[field] = value;
    return value;
  },
  "deep inside": (/** @type {Foreign} */ { base, field }) => ({
    ...base,
    [field]: Array.from({ length: 500 }).reduce((inner) => [inner], "x"),
  }),
  thenable: (/** @type {Foreign} */ { base, thrown }) =>
    Object.defineProperty({ ...base }, "then", { get: thrower(thrown) }),
  "an iterator that throws": (/** @type {Foreign} */ { base, thrown }) => ({
    ...base,
    [Symbol.iterator]: thrower(thrown),
    [Symbol.asyncIterator]: thrower(thrown),
  }),
  "a class that throws": (/** @type {Foreign} */ { base, field, thrown }) =>
    Object.create(
      Object.defineProperty({}, field, { get: thrower(thrown), enumerable: true }),
      Object.getOwnPropertyDescriptors(base),
    ),
  symbol: () => Symbol("hostile"),
  bigint: () => 10n,
  number: (/** @type {Foreign} */ { field }) => [Number.NaN, -0, -1, Infinity, 1e308, 5][field.length % 6],
  text: (/** @type {Foreign} */ { field }) =>
    ["", " ", "\0", "../..", "a\nb", "\ud800", "x".repeat(10_000)][field.length % 7],
  null: () => null,
  undefined: () => undefined,
  boolean: (/** @type {Foreign} */ { field }) => field.length % 2 === 0,
  function: () => () => {},
  array: (/** @type {Foreign} */ { base }) => Object.assign([], base),
  "typed array": () => new Uint8Array(3),
  "transferred buffer": () => {
    const buffer = new ArrayBuffer(8);
    structuredClone(buffer, { transfer: [buffer] });
    return buffer;
  },
  date: () => new Date(Number.NaN),
  map: (/** @type {Foreign} */ { base }) => new Map(Object.entries(base)),
};

/** Names that somebody may read of anything. */
const FIELDS = [
  "apiKey",
  "baseUrl",
  "subAccount",
  "timeout",
  "totalTimeout",
  "maxRetries",
  "maxRetryDelay",
  "replay",
  "headers",
  "fetch",
  "signal",
  "hooks",
  "logger",
  "logLevel",
  "until",
  "limit",
  "range",
  "idleTimeout",
  "agentId",
  "toNumber",
  "name",
  "body",
  "secret",
  "now",
  "tolerance",
  "scheme",
  "store",
  "then",
  "message",
  "code",
  "details",
  "toJSON",
  "length",
  "0",
];

const ANSWER = JSON.stringify({
  id: "x_1",
  data: [],
  total: 0,
  hasMore: false,
  status: "completed",
  endedAt: "2026-11-22T10:00:00Z",
});
/** @returns {import("agentphone-wasm").ClientOptions} */
const options = (more = {}) => ({
  apiKey: "sk_test",
  baseUrl: "http://127.0.0.1:9",
  logLevel: "off",
  maxRetries: 0,
  fetch: async () => new Response(ANSWER),
  ...more,
});
const client = new AgentPhone(options());

/** All methods of the client: `agents.list` and so on, by their names. @type {Record<string, Foreign>} */
export const methods = {};
const collect = (/** @type {Foreign} */ value, /** @type {string} */ path) => {
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "function") methods[`${path}${key}`] = inner;
    else if (typeof inner === "object" && inner !== null) collect(inner, `${path}${key}.`);
  }
};
// The resources of a client are accessors of its class, which no list of its own fields shows.
for (const name of Object.getOwnPropertyNames(AgentPhone.prototype))
  if (!["constructor", "withSubAccount", "dispose"].includes(name))
    collect({ [name]: /** @type {Foreign} */ (client)[name] }, "");

/** What a call gives, used as its users do. */
const used = async (/** @type {Foreign} */ result, /** @type {unknown} */ value) => {
  if (typeof result?.toArray === "function") {
    await result.toArray({ limit: 5 });
    for await (const item of result.pages()) void item;
    await result.toArray(value);
  } else if (typeof result?.[Symbol.asyncIterator] === "function") {
    for await (const item of result) void item;
  } else {
    const answer = await result;
    if (typeof answer?.bytes === "function") await answer.bytes();
  }
};

const BODY = '{"event":"agent.message","channel":"sms","data":{}}';
const verifying = () => ({ body: BODY, headers: webhooks.sign({ body: BODY, secret: "whsec_a" }), secret: "whsec_a" });

/** Places: each takes a value and its position. `base` is what would be right there. @type {Record<string, Foreign>} */
const PLACES = {
  "new AgentPhone": {
    base: options(),
    use: (/** @type {import("agentphone-wasm").ClientOptions} */ value) => new AgentPhone(value).dispose(),
  },
  "client, its options inside": {
    base: options(),
    use: async (/** @type {unknown} */ value, /** @type {Foreign} */ { field }) => {
      const made = new AgentPhone({ ...options(), [field]: value });
      await made.agents.list();
      made.dispose();
    },
  },
  withSubAccount: { base: {}, use: (/** @type {Foreign} */ value) => client.withSubAccount(value).agents.list() },
  "webhooks.verify": {
    base: verifying(),
    use: (/** @type {import("agentphone-wasm").VerifyOptions} */ value) => webhooks.verify(value),
  },
  "webhooks.verify, inside": {
    base: { ...verifying().headers },
    use: (/** @type {unknown} */ value, /** @type {Foreign} */ { field }) =>
      webhooks.verify({
        ...verifying(),
        [["body", "headers", "secret", "tolerance", "now", "scheme"][field.length % 6]]: value,
      }),
  },
  "webhooks.sign": {
    base: { body: BODY, secret: "whsec_a" },
    use: (/** @type {import("agentphone-wasm").SignOptions} */ value) => webhooks.sign(value),
  },
  "AgentPhoneError.is": {
    base: { name: "AgentPhoneError" },
    use: (/** @type {unknown} */ value) => assert.equal(typeof AgentPhoneError.is(value), "boolean"),
  },
};
/** A client whose `fetch` gives this. */
const answered = (/** @type {Foreign} */ response) =>
  new AgentPhone(options({ timeout: 1_000, fetch: async () => response }));
const response = (/** @type {string} */ type) => ({
  status: 200,
  headers: new Headers({ "content-type": type }),
  text: async () => ANSWER,
  body: new Blob([ANSWER]).stream(),
});
/** One of the members of a response, replaced. */
const replaced = (
  /** @type {{ status: number, headers: Headers, text: () => Promise<string>, body: ReadableStream<Uint8Array> }} */ base,
  /** @type {Foreign} */ value,
  /** @type {string} */ field,
) =>
  Object.defineProperty(
    base,
    ["status", "headers", "text", "body", "arrayBuffer", "bodyUsed", "ok"][field.length % 7],
    { value, enumerable: true },
  );
const READS = [
  (/** @type {Foreign} */ recording) => recording.bytes(),
  (/** @type {Foreign} */ recording) => recording.blob(),
  (/** @type {{ stream: BodyInit | null | undefined }} */ recording) =>
    new Response(recording.stream).arrayBuffer().catch((error) => {
      throw error;
    }),
  (/** @type {Foreign} */ recording) => recording.cancel(),
];
Object.assign(PLACES, {
  "AgentPhoneError.fromPlain": {
    base: { name: "AgentPhoneError", code: "X", message: "m" },
    use: (/** @type {import("agentphone-wasm").PlainError | import("agentphone-wasm").CloneableError} */ value) =>
      void JSON.stringify(AgentPhoneError.fromPlain(value)),
  },
  "a response": {
    base: response("application/json"),
    use: (/** @type {{ body: undefined, text: () => Promise<string>, status: number, headers: Headers }} */ value) =>
      answered(value).agents.list().withResponse(),
  },
  "a response, inside": {
    base: {},
    use: (/** @type {Foreign} */ value, /** @type {Foreign} */ { field }) =>
      answered(replaced(response("application/json"), value, field))
        .agents.list()
        .withResponse(),
  },
  "a recording, inside its response": {
    base: {},
    use: async (/** @type {Foreign} */ value, /** @type {Foreign} */ { field }) =>
      READS[field.length % READS.length](
        await answered(replaced(response("audio/wav"), value, field)).calls.recording.get("a", { idleTimeout: 1_000 }),
      ),
  },
  "a transcript, inside its response": {
    base: {},
    use: async (/** @type {Foreign} */ value, /** @type {Foreign} */ { field }) => {
      for await (const event of answered(replaced(response("text/event-stream"), value, field)).calls.transcript.stream(
        "a",
        { maxRetries: 0, idleTimeout: 500, totalTimeout: 2_000 },
      ))
        void event;
    },
  },
  "next() of a page": {
    base: {},
    use: async (/** @type {Foreign} */ value) =>
      /** @type {Foreign} */ (
        await answered({
          ...response("application/json"),
          body: undefined,
          text: async () => '{"data":[{"id":"a"}],"hasMore":true}',
        }).contacts.list()
      ).next(value),
  },
});
for (const [name, make] of Object.entries(voice))
  if (typeof make === "function")
    PLACES[`voice.${name}`] = { base: {}, use: (/** @type {Foreign} */ value) => make(value) };
for (const [name, method] of Object.entries(methods)) {
  for (let position = 0; position < Math.max(method.length, 1); position += 1) {
    const base =
      position === method.length - 1
        ? { timeout: 1_000 }
        : { agentId: "agt_1", toNumber: "+14155550100", name: "Ada", body: "Hi" };
    const right = (/** @type {number} */ at) =>
      at === method.length - 1 ? undefined : at === 0 && method.length > 1 ? "x_1" : {};
    PLACES[`${name}, argument ${position + 1}`] = {
      base,
      use: (/** @type {unknown} */ value) =>
        used(method(...Array.from({ length: position + 1 }, (_, at) => (at === position ? value : right(at)))), value),
    };
  }
}

/**
 * Places from which errors of others still come out; what else is promised holds there too. To be emptied, and never added to.
 */

/** True for errors of ours; what was thrown may itself not be read. @param {unknown} error */
const isOurs = (error) => {
  try {
    return error instanceof AgentPhoneError;
  } catch {
    return false;
  }
};

/** Where an error comes from, as far as it can be read. @param {any} error */
const describe = (error) => {
  try {
    return String(error?.stack ?? "");
  } catch {
    return "it cannot be read";
  }
};

/** Milliseconds after which a call that nothing holds up counts as one that hangs. */
const PATIENCE = 5_000;

/** Fails where a place lets something else out than its own errors, or takes others down with it. */
export const check = async (/** @type {Foreign} */ { place, kind, field, thrown }) => {
  const { base, use } = PLACES[place];
  const value = KINDS[kind]({ base, field, thrown });
  /** @type {(() => void) | undefined} */
  let open;
  const other = new AgentPhone(
    options({ fetch: () => new Promise((resolve) => (open = () => resolve(new Response(ANSWER)))) }),
  );
  const underWay = other.agents.list().then(
    (page) => page.total,
    (error) => error,
  );
  let timer;
  const hung = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE, "hung")));
  const outcome = await Promise.race([
    hung,
    (async () => use(value, { field }))().then(
      () => "done",
      (error) => ({ error }),
    ),
  ]);
  clearTimeout(timer);
  if (typeof outcome === "object") {
    const { error } = outcome;
    if (isOurs(error)) assert.notEqual(error.code, "INTERNAL_ERROR");
    else assert.fail(`${place}: something else was thrown, of the type ${typeof error}: ${describe(error)}`);
  } else assert.equal(outcome, "done");
  // It may not have been sent yet.
  for (let turns = 0; !open && turns < 100; turns += 1) await new Promise(setImmediate);
  open?.();
  assert.equal(await underWay, 0, "what was under way beside it failed");
  other.dispose();
};

const make = (/** @type {Foreign} */ { pick }) => ({
  place: pick(Object.keys(PLACES)),
  kind: pick(Object.keys(KINDS)),
  field: pick(FIELDS),
  thrown: pick(Object.keys(THROWN)),
});

export const run = (/** @type {{ seed: number, seconds: number, random: () => number }} */ given) =>
  search(given, make, check);
