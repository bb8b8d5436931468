// What stands for an object in a caller's hands: instances of classes, objects of other realms, proxies, and what only
// looks like an object. Each is read as it is meant, or refused by its name; never does one pass for an empty object.
// And what is checked is what is sent.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInNewContext } from "node:vm";
import { AgentPhone } from "agentphone-wasm";
import { clientOf, failureOf, KEY, PHONE, sendText } from "../support/client.mjs";
import { answer, good, hostileServer } from "../support/hostile-server.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** The error of a call that sent nothing. @param {PromiseLike<unknown>} promise */
async function refused(
  /** @type {Awaited<ReturnType<typeof hostileServer>>} */ server,
  promise,
  /** @type {Foreign} */ says,
) {
  const sent = server.count();
  const error = await failureOf(promise);
  assert.equal(server.count(), sent, "nothing was sent");
  assert.match(error.message, says);
  return error;
}
const call = { agentId: "a", toNumber: PHONE };
const bodyOf = (/** @type {Foreign} */ server) => JSON.parse(server.received.at(-1).body);
const queryOf = (/** @type {Foreign} */ server) =>
  Object.fromEntries(new URLSearchParams(server.received.at(-1).url.split("?")[1]));

/** What has no fields, with the word for it. */
const CONTAINERS = {
  "a promise": async () => ({ limit: 5 }),
  "a thenable of a class": () =>
    new (class {
      then() {}
    })(),
  "a Map": () => new Map([["limit", 5]]),
  "a Set": () => new Set(["limit"]),
  "a URLSearchParams": () => new URLSearchParams("limit=5"),
  "a FormData": () => new FormData(),
  "a Headers": () => new Headers({ limit: "5" }),
  "an iterable": () =>
    new (class {
      *[Symbol.iterator]() {}
    })(),
  "an AbortSignal": () => new AbortController().signal,
  "an Error": () => new Error("limit"),
  "a RegExp": () => /limit/,
  "a Uint8Array": () => Buffer.from("limit"),
  "an ArrayBuffer": () => new ArrayBuffer(8),
  "a Blob": () => new Blob(["limit"]),
  "a Request": () => new Request("http://127.0.0.1/"),
  "a WeakMap": () => new WeakMap(),
  "a Map of another realm": () => runInNewContext("new Map([['limit', 5]])"),
};
const word = (/** @type {string} */ name) =>
  new RegExp(`not ${name.replace(/ of .*/, "").replace("a thenable", "a promise")}`);

describe("what has no fields is refused by its name", { concurrency: true }, () => {
  for (const [name, make] of Object.entries(CONTAINERS)) {
    test(name, async (t) => {
      const own = await hostileServer(t);
      const client = clientOf(own);
      assert.equal((await refused(own, client.agents.list(make()), word(name))).code, "INVALID_ARGUMENT");
      await refused(own, client.usage.daily(make()), word(name));
      await refused(own, client.calls.create(make()), word(name));
      await refused(
        own,
        client.calls.create({ ...call, variables: make() }),
        new RegExp(`variables must be a plain object, ${word(name).source}`),
      );
      await refused(own, client.agents.create({ name: "Ada", customTools: [make()] }), /customTools\[0\] must/);
      assert.equal((await refused(own, client.agents.list({}, make()), word(name))).code, "CONFIGURATION_ERROR");
      await refused(own, client.calls.get("a", make()), word(name));
      await refused(own, client.calls.get("a", { headers: make() }), /headers/);
      assert.throws(() => new AgentPhone(make()), { code: "CONFIGURATION_ERROR", message: word(name) });
    });
  }

  test("a signal in the place of options says where it belongs", async (t) => {
    const own = await hostileServer(t);
    await refused(
      own,
      clientOf(own).agents.list({}, /** @type {Foreign} */ (new AbortController().signal)),
      /pass it as \{ signal \}/,
    );
  });
});

describe("fields are read wherever they are", { concurrency: true }, () => {
  class Page {
    #limit = 5;
    offset = 10;
    get limit() {
      return this.#limit;
    }
    next() {}
  }
  class LaterPage extends Page {
    get search() {
      return "Ada";
    }
  }

  test("own ones, getters of classes, inherited ones; methods are none", async (t) => {
    const own = await hostileServer(t);
    const { calls } = clientOf(own);
    for (const [query, want] of [
      [new Page(), { limit: "5", offset: "10" }],
      [new LaterPage(), { limit: "5", offset: "10", search: "Ada" }],
      [Object.create({ limit: 5 }), { limit: "5" }],
      [Object.assign(Object.create(null), { limit: 5 }), { limit: "5" }],
      [Object.create(Object.assign(Object.create(null), { limit: 5 })), { limit: "5" }],
      [runInNewContext("({ limit: 5 })"), { limit: "5" }],
      [runInNewContext("new (class { get limit() { return 5 } })()"), { limit: "5" }],
      [new Proxy({ limit: 5 }, {}), { limit: "5" }],
    ]) {
      await calls.list(query);
      assert.deepEqual(queryOf(own), want);
    }
    class Call {
      variables = new (class {
        get first() {
          return "Ada";
        }
      })();
      get agentId() {
        return "a";
      }
      get toNumber() {
        return PHONE;
      }
    }
    await calls.create(/** @type {Foreign} */ (new Call()));
    assert.deepEqual(bodyOf(own), { variables: { first: "Ada" }, ...call });
  });

  test("also those of options, so that a key never goes to an address that was not meant", async (t) => {
    const own = await hostileServer(t);
    class Config {
      #key = KEY;
      get apiKey() {
        return this.#key;
      }
      get baseUrl() {
        return own.url;
      }
      get headers() {
        return new (class {
          get "x-team"() {
            return "one";
          }
        })();
      }
    }
    await new AgentPhone(/** @type {Foreign} */ (new Config())).calls.get("a");
    await new AgentPhone(Object.create({ apiKey: KEY, baseUrl: own.url })).calls.get(
      "a",
      new (class {
        get subAccount() {
          return "sub_1";
        }
      })(),
    );
    assert.deepEqual(
      own.received.map(({ headers }) => [headers.authorization, headers["x-team"], headers["x-sub-account-id"]]),
      [
        [`Bearer ${KEY}`, "one", undefined],
        [`Bearer ${KEY}`, undefined, "sub_1"],
      ],
    );
    /** @type {Foreign[]} */
    const seen = [];
    class Hooks {
      count = () => seen.push("never called");
      onRequest(/** @type {unknown} */ event) {
        this.note(event);
      }
      note(/** @type {Foreign} */ { operation }) {
        seen.push(operation);
      }
    }
    await assert.rejects(clientOf(own).calls.get("a", { hooks: new Hooks() }), /unknown hook count/);
    Reflect.deleteProperty(Hooks.prototype, "count");
    await clientOf(own).calls.get("a", {
      hooks: new (class extends Object {
        onRequest(/** @type {Foreign} */ { operation }) {
          /** @type {Foreign} */ (this.constructor).seen = seen.push(operation);
        }
      })(),
    });
    assert.deepEqual(seen, ["calls.get"]);
  });

  test("an enumerable member of Object.prototype is nobody's", async (t) => {
    const own = await hostileServer(t);
    const { promise, resolve } =
      Promise.withResolvers?.() ??
      (() => {
        let settle;
        const made = new Promise((done) => {
          settle = done;
        });
        return { promise: made, resolve: settle };
      })();
    /** @type {Foreign} */ (Object.prototype).limit = 5;
    /** @type {Foreign} */ (Object.prototype).toNumber = PHONE;
    try {
      await clientOf(own).calls.list(
        new (class {
          get offset() {
            return 1;
          }
        })(),
      );
      resolve(await failureOf(clientOf(own).calls.create(/** @type {Foreign} */ ({ agentId: "a" }))));
    } finally {
      delete (/** @type {Foreign} */ (Object.prototype).limit);
      delete (/** @type {Foreign} */ (Object.prototype).toNumber);
    }
    assert.deepEqual(queryOf(own), { offset: "1" });
    assert.match((await promise).message, /toNumber is missing/);
  });

  test("dates of any realm and what has a toJSON are sent as it says", async (t) => {
    const own = await hostileServer(t);
    const date = "new Date(0)";
    for (const value of [
      new Date(0),
      runInNewContext(date),
      { toJSON: () => new Date(0).toISOString() },
      new URL("https://a.test/"),
    ]) {
      await clientOf(own).calls.list(/** @type {Foreign} */ ({ from: value }));
      await clientOf(own).calls.create(/** @type {Foreign} */ ({ ...call, at: [value] }));
      const want = value instanceof URL ? value.href : "1970-01-01T00:00:00.000Z";
      assert.deepEqual(
        [new URL(own.received.at(-2)?.url ?? "", own.url).searchParams.get("from"), bodyOf(own).at],
        [want, [want]],
      );
    }
    await refused(
      own,
      clientOf(own).calls.list(/** @type {Foreign} */ ({ from: new Date(Number.NaN) })),
      /from must be a valid date/,
    );
    await refused(
      own,
      clientOf(own).calls.create(/** @type {Foreign} */ ({ ...call, at: runInNewContext("new Date(NaN)") })),
      /at must be a valid date/,
    );
  });
});

describe("what JSON would drop or turn into null in silence is refused by its place", { concurrency: true }, () => {
  const cycle = { inner: {} };
  /** @type {Foreign} */ (cycle.inner).again = cycle;
  for (const [name, value, says] of /** @type {const} */ ([
    ["NaN", Number.NaN, /variables\.x must be a finite number, not NaN/],
    ["Infinity", -Infinity, /not -Infinity/],
    ["a function", () => "Ada", /variables\.x must not be a function/],
    ["a symbol", Symbol("s"), /must not be a symbol/],
    ["a bigint", 5n, /must not be a bigint/],
    ["a hole", Object.assign([1], { 2: 2 }), /variables\.x\[1\] must not be undefined/],
    ["a cycle", cycle, /x\.inner\.again refers to itself/],
    [
      "a getter that throws",
      {
        get y() {
          throw new Error("no");
        },
      },
      /variables\.x\.y cannot be read/,
    ],
    [
      "a proxy of endless fields",
      new Proxy(
        {},
        {
          ownKeys: () => ["a", "b"],
          getOwnPropertyDescriptor: () => ({ configurable: true, enumerable: true }),
          get: (_, name, self) => (/** @type {Foreign} */ (name).length === 1 ? new Proxy(self, {}) : undefined),
        },
      ),
      /variables\.x.* (nested|holds)/,
    ],
  ])) {
    test(name, async (t) => {
      const own = await hostileServer(t);
      await refused(
        own,
        clientOf(own).calls.create({ ...call, variables: { x: /** @type {Foreign} */ (value) } }),
        says,
      );
      if (typeof value === "number")
        await refused(own, clientOf(own).calls.list({ limit: value }), /limit must be a finite number/);
    });
  }

  test("a name that may be a secret is not repeated with the place", async (t) => {
    const own = await hostileServer(t);
    const { message } = await refused(
      own,
      clientOf(own).calls.create({ ...call, variables: { [KEY]: /** @type {Foreign} */ (Number.NaN) } }),
      /variables\[…\] must/,
    );
    assert.ok(!message.includes(KEY));
  });

  test("a member that is undefined is left out", async (t) => {
    const own = await hostileServer(t);
    await clientOf(own).calls.create({
      ...call,
      systemPrompt: undefined,
      variables: { a: /** @type {Foreign} */ (undefined), b: null },
    });
    assert.deepEqual(bodyOf(own), { ...call, variables: { b: null } });
  });

  test("the name __proto__ is sent, and replaces no prototype", async (t) => {
    const own = await hostileServer(t);
    await clientOf(own).calls.create({ ...call, variables: JSON.parse('{"__proto__":{"x":1}}') });
    assert.ok(own.received[0].body.includes('{"__proto__":{"x":1}}'));
  });
});

describe("what is checked is what is sent", { concurrency: true }, () => {
  /** An object whose fields say something else each time they are read. */
  const fickle = (/** @type {Foreign} */ fields) => {
    /** @type {Record<string, number>} */
    const reads = {};
    const next = (/** @type {string} */ name) => (reads[name] = (reads[name] ?? 0) + 1);
    const own = Object.fromEntries(
      Object.entries(fields).map(([name, values]) => [
        name,
        { enumerable: true, get: () => values[Math.min(next(name), values.length) - 1] },
      ]),
    );
    return Object.defineProperties({}, own);
  };

  test("each field at each level is read once", async (t) => {
    const own = await hostileServer(t);
    const client = clientOf(own);
    await client.calls.create(
      /** @type {Foreign} */ (
        fickle({ agentId: ["a"], toNumber: [PHONE, "911"], variables: [{ x: "1" }, { x: "2" }] })
      ),
    );
    assert.deepEqual(bodyOf(own), { ...call, variables: { x: "1" } });
    const tool = { name: ["weather", "a b"], description: ["d"], url: ["https://a.test/"], timeoutMs: [2_000, 5] };
    await client.agents.create(/** @type {Foreign} */ ({ name: "Ada", customTools: [fickle(tool)] }));
    assert.deepEqual(bodyOf(own).customTools, [
      { name: "weather", description: "d", url: "https://a.test/", timeoutMs: 2_000 },
    ]);
    await client.messages.send(
      fickle({ agent_id: ["a"], to_number: [PHONE], media_urls: [["https://a.test/"], ["x", "y"]], body: ["hi"] }),
    );
    assert.deepEqual(bodyOf(own).media_urls, ["https://a.test/"]);
    await client.calls.list(fickle({ limit: [5, 5_000] }));
    assert.deepEqual(queryOf(own), { limit: "5" });
    await client.calls.get("a", fickle({ subAccount: ["sub_1", "sub_2"], headers: [{ a: "1" }, { a: "2" }] }));
    assert.deepEqual(
      [own.received.at(-1)?.headers["x-sub-account-id"], own.received.at(-1)?.headers.a],
      ["sub_1", "1"],
    );
  });

  test("options of a client are read once, also where they are wrong", () => {
    let reads = 0;
    const options = {
      apiKey: KEY,
      get baseUrl() {
        return (reads += 1) === 1 ? "nope" : "https://evil.test";
      },
    };
    assert.throws(() => new AgentPhone(options), { code: "CONFIGURATION_ERROR" });
    assert.equal(reads, 1);
  });
});

describe("what is nested too deep", { concurrency: true }, () => {
  const deep = (/** @type {number} */ levels, text = '"x1"') =>
    JSON.parse("[".repeat(levels) + text + "]".repeat(levels));

  test("is refused, and what a tool's schema needs is not", async (t) => {
    const own = await hostileServer(t);
    const { calls, agents } = clientOf(own);
    for (const levels of [500, 2_000, 100_000]) {
      const error = await refused(
        own,
        calls.create(/** @type {Foreign} */ ({ ...call, metadata: { tree: deep(levels) } })),
        /metadata\.tree\[0\].*… is nested more than 200 levels deep/,
      );
      assert.equal(error.code, "INVALID_ARGUMENT");
      await refused(own, agents.list(/** @type {Foreign} */ ({ search: deep(levels) })), /search/);
      await refused(own, calls.get("a", { headers: { a: deep(levels) } }), /headers/);
    }
    await calls.create(/** @type {Foreign} */ ({ ...call, metadata: { tree: deep(100) } }));
    assert.deepEqual(bodyOf(own).metadata.tree, deep(100));
  });

  test("costs no other call anything", async (t) => {
    /** @type {Foreign} */
    let release;
    const released = new Promise((resolve) => {
      release = resolve;
    });
    const own = await hostileServer(t, async ({ path }) =>
      path === "/v1/messages" ? (await released, good) : answer(400, { detail: "no" }),
    );
    const client = clientOf(own, { maxRetries: 0 });
    const other = sendText(client);
    await own.arrival();
    for (const levels of [150, 1_000, 3_000])
      assert.notEqual(
        (await failureOf(client.calls.create(/** @type {Foreign} */ ({ ...call, metadata: { tree: deep(levels) } }))))
          .code,
        "INTERNAL_ERROR",
      );
    release?.();
    assert.equal((await other).id, "call_1");
  });
});

test("an input of any size is refused or sent, and what is wrong with it is told", async (t) => {
  const own = await hostileServer(t);
  const shared = Array.from({ length: 100 }, () => "x");
  /** @type {Foreign} */
  let bomb = shared;
  for (let level = 0; level < 8; level += 1) bomb = [bomb, bomb, bomb, bomb, bomb, bomb];
  await refused(
    own,
    clientOf(own).calls.create(/** @type {Foreign} */ ({ ...call, metadata: { bomb } })),
    /more than 1000000 values/,
  );
});

test("values that are no objects are counted too: one object that is referred to often is written as often", async (t) => {
  const server = await hostileServer(t);
  const item = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`f${at}`, at]));
  await refused(
    server,
    clientOf(server).request("POST", "/v1/fax", { body: { items: Array(1_000).fill(item) } }),
    /more than 1000000 values/,
  );
});
