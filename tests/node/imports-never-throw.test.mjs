// What Rust imports without `catch` must not throw: what it threw would pass through the module and break it for every call
// of the process (docs/decisions/0004-panics-trap.md). Every such function of src/js is listed here with values that
// a server or a caller's own code could bring about, and must survive them; a new import that is not listed fails.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { root } from "../../scripts/tools.mjs";
import { BODIES, boom, revoked, trap, VALUES } from "../support/hostile-values.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const js = (/** @type {string} */ file) => import(new URL(`../../src/js/${file}`, import.meta.url).href);
const settings = (over = {}) => ({
  apiKey: "sk_test_1",
  headers: {},
  hooks: {},
  logLevel: "debug",
  subAccount: null,
  ...over,
});
const prepared = (over = {}) => ({ method: "GET", target: "/", body: undefined, hidden: [], ...over });
/** Tells nobody, as the module's own function does not throw either. */
const settle = () => {};
/** @param {(value: any) => void} use */
const each = (use) => {
  for (const value of VALUES) use(value);
};

/** Hooks that throw, at once or later. */
const HOOKS = [boom, () => ({ then: boom }), () => trap, () => Promise.reject(new Error("late")), revoked()];

/** By file and name. Those that are only named so that a front end gets their file run nowhere in Rust. */
const RUNS = {
  "errors/failure.js createFailure": async (/** @type {Foreign} */ { createFailure, evidenceOf, verdictOf }) => {
    const { readRefusal } = await js("errors/error-body.js");
    const make = (
      /** @type {string} */ said,
      /** @type {{ headers: Headers }} */ response,
      /** @type {{ method: string, target: string, body: undefined, hidden: never[] }} */ sent,
      /** @type {Foreign} */ options,
      /** @type {string | undefined} */ key,
    ) =>
      createFailure(0, said ? "" : "CONNECTION_ERROR", "n", verdictOf(false, false, Number.NaN, 1, 1), {
        response,
        status: 400,
        body: said,
        prepared: sent,
        options,
        key,
      });
    each((value) => {
      assert.ok(make(readRefusal("x"), value, prepared(), settings(), undefined) instanceof Error);
      assert.ok(
        createFailure(
          0,
          "CONNECTION_ERROR",
          "n",
          verdictOf(false, false, 1, 1, 1),
          evidenceOf(value, undefined, 0, value, undefined, undefined, undefined),
        ) instanceof Error,
      );
    });
    for (const body of BODIES) {
      for (const sent of [
        '{"body":"1!"}',
        `{"a":${"[".repeat(20_000)}"x1"${"]".repeat(20_000)}}`,
        JSON.stringify({ list: Array.from({ length: 20_000 }, (_, at) => `+1415${5_550_000 + at}`) }),
        JSON.stringify({ body: "1!".repeat(600_000) }),
        "no JSON",
      ]) {
        const error = make(
          readRefusal(body),
          { headers: new Headers({ "x-request-id": "r" }) },
          prepared({ body: sent, hidden: ["1!", "x".repeat(100_000)] }),
          settings({ headers: { cookie: "1!" } }),
          "sk_test_2",
        );
        assert.ok(error.message.length < 1_000 && error.code.length > 0, error.message);
      }
    }
  },
  "errors/error-body.js readRefusal": (/** @type {Foreign} */ { readRefusal }) => {
    for (const body of BODIES) {
      const { message, details } = readRefusal(body);
      assert.ok(message.length <= 8_000 && details.length <= 100);
    }
  },
  "runtime/observe.js log": (/** @type {Foreign} */ { log }) => {
    const quiet = { error() {}, warn() {}, info() {}, debug() {} };
    each((value) => {
      for (const logger of [quiet, value])
        log(settings({ logger }), "received", 0, 1, 200, value, prepared({ body: "no JSON" }), undefined);
      log(settings({ logger: quiet, headers: { cookie: "x" } }), "sent", 0, 1, 0, undefined, prepared(), undefined);
    });
  },
  "runtime/observe.js callHook": (/** @type {Foreign} */ { callHook }) => {
    const logger = { error: boom };
    for (const hook of HOOKS)
      for (const name of ["onRequest", "onResponse", "onRetry"])
        callHook(settings({ logger, hooks: { [name]: hook } }), name, 0, 1, 1, 2);
  },
  "runtime/observe.js emitError": (/** @type {Foreign} */ { emitError }) => {
    for (const onError of HOOKS) emitError(settings({ logger: { error: boom }, hooks: { onError } }), new Error("e"));
  },
  "runtime/observe.js isLogged": (/** @type {Foreign} */ { isLogged }) => {
    assert.equal(isLogged(settings({ logLevel: "warn" }), "limited"), true);
    assert.equal(isLogged(settings({ logLevel: "warn" }), "failed"), false);
  },
  "runtime/observe.js hasHook": (/** @type {Foreign} */ { hasHook }) => {
    assert.equal(hasHook(settings({ hooks: { onRetry: boom } }), "onRetry"), true);
    assert.equal(hasHook(settings(), "onRetry"), false);
  },
  "runtime/telemetry.js isFollowed": (/** @type {Foreign} */ { isFollowed }) => {
    assert.equal(isFollowed(settings({ telemetry: {} })), true);
    assert.equal(isFollowed(settings()), false);
  },
  "runtime/telemetry.js note": async (/** @type {Foreign} */ { note }) => {
    for (const inFlight of [undefined, ...(await followed())])
      for (const moment of ["received", "retrying", "waited", "looked"])
        note({ inFlight }, moment, 0, 1, Number.NaN, "REFUSED");
  },
  "runtime/telemetry.js lookupsOf": async (/** @type {Foreign} */ { lookupsOf }) => {
    for (const inFlight of [undefined, ...(await followed())]) lookupsOf(inFlight);
  },
  "state/table.js requestOf": (/** @type {Foreign} */ { requestOf }) => assert.equal(requestOf(1_000_000), undefined),
  "input/options.js headersOf": (/** @type {Foreign} */ { headersOf, readOptions }) =>
    void headersOf(readOptions({ apiKey: "sk_1", headers: { a: null, b: "c" } }), "a", "b", true, true),
  "http/request.js startRequest": async (/** @type {Foreign} */ { startRequest }) => {
    for (const fetch of [
      ...VALUES.filter((value) => typeof value === "function"),
      ...VALUES.flatMap((value) => [() => value, async () => value]),
      () => revoked(),
      () => ({
        get then() {
          return boom();
        },
      }),
    ])
      for (const inFlight of [undefined, ...(await followed())]) {
        const options = settings({ fetch, baseUrl: "http://127.0.0.1:1" });
        for (const whole of [true, false])
          startRequest(options, prepared({ inFlight }), {}, undefined, 0, 1, whole, settle, 0, 0);
      }
    await new Promise(setImmediate);
  },
  "errors/failure.js verdictOf": () => {},
  "errors/failure.js evidenceOf": () => {},
  "http/request.js limitRequest": (/** @type {Foreign} */ { abortRequest, limitRequest }) => {
    const { clearTimeout, setTimeout } = globalThis;
    try {
      each((value) => {
        Object.assign(globalThis, { clearTimeout: value, setTimeout: value });
        const request = { controller: new AbortController(), timer: undefined, over: false };
        limitRequest(request, 1e9, settle, 0, 0);
        abortRequest(request);
      });
    } finally {
      Object.assign(globalThis, { clearTimeout, setTimeout });
    }
  },
  "http/request.js abortRequest": (/** @type {Foreign} */ { abortRequest }) =>
    each((controller) => abortRequest({ controller, timer: undefined, over: false })),
  "http/request.js canSend": (/** @type {Foreign} */ { canSend }) => {
    const { fetch } = globalThis;
    try {
      each((value) => {
        Object.defineProperty(globalThis, "fetch", { value, configurable: true, writable: true });
        assert.equal(typeof canSend(), "boolean");
      });
    } finally {
      Object.defineProperty(globalThis, "fetch", { value: fetch, configurable: true, writable: true });
    }
  },
  "http/request.js headerOf": (/** @type {Foreign} */ { headerOf }) => each((value) => headerOf(value, "x")),
  "http/body.js readBody": (/** @type {Foreign} */ { readBody }) =>
    each((value) => readBody(value, settings({}), { controller: new AbortController() }, settle, 0, 0)),
  "lib/pace.js turnOfTheLoop": async (/** @type {Foreign} */ { turnOfTheLoop }) => {
    await turnOfTheLoop();
    const { MessageChannel } = globalThis;
    try {
      for (const odd of [
        undefined,
        boom,
        class {
          get port1() {
            return boom();
          }
        },
        trap,
      ]) {
        Object.defineProperty(globalThis, "MessageChannel", { value: odd, configurable: true, writable: true });
        await turnOfTheLoop();
      }
    } finally {
      Object.defineProperty(globalThis, "MessageChannel", {
        value: MessageChannel,
        configurable: true,
        writable: true,
      });
    }
  },
  "lib/clock.js now": (/** @type {Foreign} */ { now }) => {
    const { performance } = globalThis;
    try {
      for (const clock of [undefined, {}, { now: boom }, { now: () => NaN }, { now: () => "x" }, revoked()]) {
        Object.defineProperty(globalThis, "performance", { value: clock, configurable: true, writable: true });
        assert.ok(now() >= 0);
      }
    } finally {
      Object.defineProperty(globalThis, "performance", { value: performance, configurable: true, writable: true });
    }
  },
  "lib/clock.js reached": (/** @type {Foreign} */ { reached }) => reached(0),
  "lib/fields.js propertyOf": (/** @type {Foreign} */ { propertyOf }) => {
    each((value) => void propertyOf(value, "status"));
    assert.equal(
      propertyOf(
        {
          get status() {
            return boom();
          },
        },
        "status",
      ),
      undefined,
    );
    assert.equal(propertyOf("text", "length"), undefined);
  },
  "input/options.js rowOf": (/** @type {Foreign} */ { readOptions, rowOf }) => {
    const row = new Float64Array(5);
    rowOf(readOptions({ apiKey: "sk_1", timeout: null }), "timeout maxRetries apiKey signal no", row);
    assert.deepEqual([...row], [Infinity, 2, 1, 0, 0]);
    each((value) => rowOf({ signal: value }, "signal", row));
  },
  "input/options.js fixedKey": (/** @type {Foreign} */ { fixedKey, readOptions }) =>
    assert.equal(fixedKey(readOptions({ apiKey: "sk_1" })), "sk_1"),
  "state/signal.js hasAborted": (/** @type {Foreign} */ { hasAborted }) =>
    each((value) => assert.equal(typeof hasAborted(value), "boolean")),
  "state/signal.js reasonOf": (/** @type {Foreign} */ { reasonOf }) => each((value) => void reasonOf(value)),
  "lib/wakeup.js deferred": (/** @type {Foreign} */ { deferred }) => deferred(settle, 0, 0)(),
  "lib/wakeup.js keepsRequestsApart": (/** @type {Foreign} */ { keepsRequestsApart }) =>
    assert.equal(keepsRequestsApart(), false),
  "http/connect.js thrownBy": (/** @type {Foreign} */ { thrownBy }) => each((value) => void thrownBy(value)),
  "http/connect.js neverSent": (/** @type {Foreign} */ { neverSent, rejected }) =>
    each((value) => {
      assert.equal(typeof neverSent(value), "boolean");
      for (const send of [fetch, boom, value])
        assert.equal(typeof neverSent(rejected(value, send, "http://127.0.0.1:1/v1")), "boolean");
    }),
  "http/body.js chunksOf": (/** @type {Foreign} */ { chunksOf }) => each((value) => chunksOf(value)),
  "http/body.js bytesOf": (/** @type {Foreign} */ { bytesOf }) =>
    each((value) => {
      const bytes = bytesOf(value);
      // Rust asks it for its length, and copies it.
      assert.ok(
        bytes === undefined ||
          (Object.getPrototypeOf(bytes) === Uint8Array.prototype &&
            !Object.hasOwn(bytes, "length") &&
            bytes.length >= 0),
      );
    }),
  "results/events.js eventsOf": (/** @type {Foreign} */ { eventsOf }) => {
    for (const text of ["", "\0", "turn", "turn \n", "turn 1\nturn", "\n\n", `turn ${"[".repeat(100_000)}`])
      eventsOf(new TextEncoder().encode(text));
  },
  "state/promise.js whenSettled": (/** @type {Foreign} */ { whenSettled }) =>
    each((value) => whenSettled(value, settle, 0, 0)),
  "state/promise.js whenCallSettles": (/** @type {Foreign} */ { whenCallSettles }) =>
    each((value) => whenCallSettles(() => value, settle, 0, 0) ?? whenCallSettles(value, settle, 0, 0)),
  "state/promise.js ApiPromise": (/** @type {Foreign} */ { ApiPromise }) => {
    each((value) => {
      const promise = new ApiPromise(undefined, boom);
      promise.catch(() => {});
      ApiPromise.fulfil(promise, value, value, 1, 1);
      const other = new ApiPromise();
      other.catch(() => {});
      ApiPromise.fail(other, value);
      const fine = new ApiPromise();
      fine.catch(() => {});
      ApiPromise.fulfil(fine, value, value, 1, 1);
    });
  },
  "state/signal.js listen": (/** @type {Foreign} */ { listen, leave }) =>
    each((value) => {
      listen(value, settle, 0, 0);
      leave(value, 0);
    }),
  "state/signal.js leave": (/** @type {Foreign} */ { leave }) => each((value) => leave(value, 0)),
  "state/table.js readTable": () => {},
  "effects/content.js keyProblem": (/** @type {Foreign} */ { keyProblem }) =>
    each((value) => assert.equal(typeof keyProblem(value), "string")),
  "effects/content.js sentOf": (/** @type {Foreign} */ { sentOf }) => {
    const body = `{"a":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    each((value) => assert.equal(typeof sentOf(prepared({ query: value, body }), "a,id"), "string"));
  },
  "effects/content.js addField": (/** @type {Foreign} */ { addField }) => addField(prepared({ body: "{}" }), "a", "b"),
  "effects/content.js addKey": (/** @type {Foreign} */ { addKey }) => addKey(prepared(), "a"),
  "effects/content.js shownIntent": (/** @type {Foreign} */ { shownIntent }) => shownIntent("a", '{"sentAt":1}'),
  "effects/content.js addSettlement": (/** @type {Foreign} */ { addSettlement }) => addSettlement(new Error("e"), {}),
  "effects/rows.js rowsOf": (/** @type {Foreign} */ { rowsOf }) =>
    each((value) => assert.equal(typeof rowsOf([value], "status,id", "status"), "string")),
  "effects/rows.js itemsOf": (/** @type {Foreign} */ { itemsOf }) =>
    each((value) => [itemsOf(value, true), itemsOf(value, false), itemsOf({ data: value }, true)]),
  "effects/rows.js nextOf": (/** @type {Foreign} */ { nextOf }) =>
    each((value) => [nextOf(value, {}), nextOf({ hasMore: true, next: value }, {})]),
  "effects/rows.js countsOf": (/** @type {Foreign} */ { countsOf }) =>
    each((value) => [countsOf(value, value), countsOf({ stats: { totalCalls: value } }, { total: value })]),
  "effects/rows.js callIn": (/** @type {Foreign} */ { callIn }) =>
    each((value) => callIn(value) ?? callIn({ data: value })),
  // Their promises may reject, and always do so later.
  "effects/ledger.js readEntries": async (/** @type {Foreign} */ { readEntries }) => {
    for (const value of VALUES)
      for (const ledger of [value, { read: value }, { read: () => value }, { read: () => [value] }])
        await Promise.allSettled([readEntries(ledger, "a", undefined), readEntries(ledger, "a", "b")]);
  },
  "effects/ledger.js writeLedger": async (/** @type {Foreign} */ { writeLedger }) => {
    for (const value of VALUES)
      await Promise.allSettled([writeLedger(value, "[]", ""), writeLedger({ write: value }, "[]", "")]);
  },
  "effects/ledger.js readOpen": async (/** @type {Foreign} */ { readOpen }) => {
    for (const value of VALUES)
      for (const ledger of [value, { open: value }, { open: () => value }, { open: () => [value] }])
        await Promise.allSettled([readOpen(ledger, undefined, true)]);
  },
  "state/in-flight.js failed": async (/** @type {Foreign} */ { failed }) => {
    for (const inFlight of [undefined, ...(await followed())]) each((error) => failed(inFlight, error));
  },
  "state/in-flight.js settled": async (/** @type {Foreign} */ { settled, InFlight }) => {
    for (const inFlight of [undefined, ...(await followed())]) settled(inFlight);
    settled(new InFlight(0, undefined, () => {}));
  },
};
const NAMED_ONLY = [
  "lib/stack.js withoutStack",
  "errors/catalogue.js codeOfStatus",
  "errors/redact.js oneLine",
  "lib/fold.js fold",
  "lib/escapes.js readingsOf",
  "errors/private.js isOpen",
  "input/any-path.js idsIn",
  "input/checks.js firstProblem",
  "lib/field-names.js FIELD_NAMES",
  "lib/fields.js kind",
  "input/hints.js strangersIn",
  "results/normal.js mend",
  "lib/self.js findable",
  "lib/spoken.js turnsIn",
  "input/snapshot.js snapshotOf",
  "input/headers.js laidOver",
  "runtime/instance.js recover",
  "state/lost.js lostWith",
  "ledger/memory.js memoryLedger",
  "ledger/check.js keysOf",
];

/** What the blocks of Rust import of src/js without `catch`, but for the Rust face, whose classes are the caller's own affair. */
const imports = () => {
  const found = new Set();
  const sources = readdirSync(`${root}/src`, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".rs") && !name.startsWith("typed"),
  );
  for (const source of sources) {
    const text = readFileSync(`${root}/src/${source}`, "utf8");
    for (const [, file, block] of text.matchAll(
      /^#\[wasm_bindgen\(module = "\/src\/js\/([\w./-]+)"\)\]\nextern "C" \{\n([^]*?)^\}/gm,
    )) {
      for (const [, name, more] of block.matchAll(/js_name = (\w+)([^)]*)\)/g))
        if (!/\bcatch\b/.test(more)) found.add(`${file} ${name}`);
    }
  }
  return [...found].sort();
};

/** Calls that telemetry of every kind follows. */
const followed = async () => {
  const [{ Trace }, { InFlight }] = [await js("runtime/telemetry.js"), await js("state/in-flight.js")];
  const methods = ["run", "send", "received", "retrying", "waited", "looked", "ended"];
  return VALUES.map((value) => {
    const inFlight = new InFlight(0, undefined, () => {});
    inFlight.trace = new Trace(Object.fromEntries(methods.map((name) => [name, value])));
    return Object.assign(inFlight, { sent: () => {} });
  });
};

before(async () => {
  const { readTable } = await js("state/table.js");
  const shapes = ["object", "objectOrNull", "list", "empty", "json", "bytes", "events"];
  readTable(
    Array.from(
      { length: 14 },
      (_, row) =>
        `x.r${row} GET /x ${row > 6 ? `query ${shapes[row % 7]} ${["offset", "before"][row % 2]}` : `nothing ${shapes[row]} none`} read [] []`,
    ).join("\n"),
  );
});

test("every import without catch is listed", () => {
  assert.ok(imports().length > 25);
  assert.deepEqual(imports(), [...Object.keys(RUNS), ...NAMED_ONLY].sort());
});

for (const [name, run] of Object.entries(RUNS)) {
  const [file, what] = name.split(" ");
  test(`${what} of ${file} throws nothing`, async () => {
    const module = await js(file);
    assert.ok(module[what], `${what} is there`);
    await run(module);
  });
}
