// Fake clocks and odd hosts, each in a process of its own: a call that needs no wait comes back under any of them, one
// that waits comes back when the clock is moved, and afterwards the same client works on. jest and vitest are among
// tests/package/projects.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";

/** Runs `work` after `setUp`; gives what it wrote. `within(promise)` gives "HANGS" after 3 s of real time. */
const run = async (/** @type {string} */ setUp, /** @type {string} */ work) => {
  const { stdout, stderr } = await runChild(
    `
    const real = globalThis.setTimeout;
    const within = (promise) => Promise.race([promise, new Promise((resolve) => real(resolve, 3_000, "HANGS"))]);
    ${setUp}
    const { AgentPhone } = await import("agentphone-wasm");
    // Answers as a Response does, without one: to read a real one, Node 20 needs the host's own timers.
    const answered = (status, body, headers = {}) => ({ status, headers: { get: (name) => headers[name] ?? null }, text: async () => JSON.stringify(body) });
    const clientOf = (script, options) => {
      let sent = 0;
      return new AgentPhone({ apiKey: "sk_test", logLevel: "off", fetch: async () => answered(...(script[sent++] ?? [200, { data: [], total: 0 }])), ...options });
    };
    const told = (promise) => within(promise.then(() => "fine", (error) => error.code));
    const turns = async () => {
      for (let turn = 0; turn < 50; turn += 1) await null;
    };
    ${work}
    process.exit();`,
    { flags: ["--no-warnings"] },
  );
  assert.equal(stderr, "");
  return stdout.trim();
};

/** How each clock is put in, moved on and taken out again. */
const clocks = {
  "@sinonjs/fake-timers, as sinon and jest use it, queueMicrotask included": `
    const { default: FakeTimers } = await import("@sinonjs/fake-timers");
    const install = () => {
      const clock = FakeTimers.install();
      return { move: (ms) => clock.tickAsync(ms), leave: () => clock.uninstall() };
    };`,
  "node:test mock timers": `
    const { mock } = await import("node:test");
    const install = () => {
      mock.timers.enable({ apis: ["setTimeout", "setInterval", "setImmediate", "Date"] });
      const move = async (ms) => {
        for (let passed = 0; passed < ms; passed += 100) {
          mock.timers.tick(100);
          await turns();
        }
      };
      return { move, leave: () => mock.timers.reset() };
    };`,
};

for (const [name, setUp] of Object.entries(clocks)) {
  describe(name, { concurrency: true }, () => {
    test("a call that needs no wait comes back without the clock being moved", async () => {
      assert.equal(await run(setUp, "install(); console.log(await told(clientOf([]).agents.list()));"), "fine");
    });

    test("a retry and a rate limit come back when the clock is moved, and not before", async () => {
      const said = await run(
        setUp,
        `
        const clock = install();
        let done = false;
        const call = told(clientOf([[503, {}, { "retry-after": "20" }], [429, {}, { "retry-after": "30" }]]).agents.list()).finally(() => (done = true));
        await turns();
        console.log(done);
        await clock.move(60_000);
        console.log(await call);`,
      );
      assert.equal(said, "false\nfine");
    });

    test("a timeout fires when the clock is moved", async () => {
      const said = await run(
        setUp,
        `
        const clock = install();
        const client = new AgentPhone({ apiKey: "sk_test", maxRetries: 0, timeout: 5_000, fetch: () => new Promise(() => {}) });
        const call = told(client.agents.list());
        await turns();
        await clock.move(6_000);
        console.log(await call);`,
      );
      assert.equal(said, "TIMEOUT");
    });

    test("with real timers again, a call begun on the fake clock, the same client and a new one come back", async () => {
      const said = await run(
        setUp,
        `
        const clock = install();
        const client = clientOf([]);
        const lost = told(client.agents.list());
        clock.leave();
        console.log(await lost, await told(client.agents.list()), await told(clientOf([[503, {}]], { maxRetryDelay: 5 }).agents.list()));`,
      );
      assert.equal(said, "fine fine fine");
    });
  });
}

describe("odd hosts", { concurrency: true }, () => {
  test("a retry that another caller's move of the clock sets off is sent with its own caller's key", async () => {
    const said = await run(
      `const { default: FakeTimers } = await import("@sinonjs/fake-timers");
       const { AsyncLocalStorage } = await import("node:async_hooks");
       const storage = new AsyncLocalStorage();`,
      `const keys = [];
       const client = new AgentPhone({ logLevel: "off", apiKey: async () => storage.getStore(), fetch: async (url, { headers }) => {
         keys.push(headers.authorization + " in " + storage.getStore());
         return answered(...(keys.length % 2 ? [503, {}] : [200, { id: "a", status: "completed" }]));
       } });
       for (const ask of [() => client.agents.get("a"), () => client.calls.wait("a")]) {
         const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout"] });
         const call = storage.run("alice", ask);
         await turns();
         await storage.run("bob", () => clock.tickAsync(60_000));
         await within(call);
         clock.uninstall();
       }
       console.log([...new Set(keys)].join());`,
    );
    assert.equal(said, "Bearer alice in alice");
  });

  test("a setTimeout that calls back at once breaks nothing", async () => {
    const said = await run(
      "globalThis.setTimeout = (go) => (go(), 0);",
      `const limited = [429, {}, { "retry-after-ms": "5" }];
       const client = clientOf([limited, limited, [503, {}]], { timeout: null, maxRetries: 5 });
       const calls = await within(Promise.allSettled([client.agents.list(), client.agents.list(), client.agents.list()]));
       console.log(calls === "HANGS" ? calls : calls.map(({ status, reason }) => reason?.code ?? status).join());`,
    );
    assert.match(
      said,
      /^(fulfilled|TIMEOUT|RATE_LIMIT_EXCEEDED|HTTP_429)(,(fulfilled|TIMEOUT|RATE_LIMIT_EXCEEDED|HTTP_429)){2}$/,
    );
  });

  test("an attempt whose timer rings at once is a TIMEOUT, and the next call works", async () => {
    const said = await run(
      "let odd = true; globalThis.setTimeout = (go, ms, ...rest) => (odd ? (go(), 0) : real(go, ms, ...rest));",
      `const client = clientOf([], { maxRetries: 0 });
       const first = await within(client.agents.list().then(() => "fine", (error) => error.code));
       odd = false;
       console.log(first, await within(client.agents.list().then(() => "fine", (error) => error.code)));`,
    );
    assert.match(said, /^(TIMEOUT|fine) fine$/);
  });

  for (const [hours, way] of [
    [-5, "back"],
    [5, "ahead"],
  ]) {
    test(`a clock that jumps ${way} by hours holds up no retry and no rate limit`, async () => {
      const said = await run(
        `let shift = 0;
         const [now, date] = [performance.now.bind(performance), Date.now];
         performance.now = () => now() + shift;
         Date.now = () => date() + shift;`,
        `const client = clientOf([[503, {}], [429, {}, { "retry-after-ms": "200" }]], { maxRetryDelay: 300 });
         const call = client.agents.list();
         real(() => (shift = ${hours} * 3_600_000), 100);
         console.log(await within(call.then(() => "fine", (error) => error.code)));
         console.log(await within(client.agents.list().then(() => "fine", (error) => error.code)));`,
      );
      assert.equal(said, "fine\nfine");
    });
  }
});

describe("the clock for spans", () => {
  /** A fresh clock on a host's clock that `set` sets. */
  const clockOf = async (/** @type {test.TestContext} */ t) => {
    const { performance } = globalThis;
    let host = 5_000;
    Object.defineProperty(globalThis, "performance", {
      value: { now: () => host },
      configurable: true,
      writable: true,
    });
    t.after(() =>
      Object.defineProperty(globalThis, "performance", { value: performance, configurable: true, writable: true }),
    );
    return {
      ...(await import(`../../src/js/lib/clock.js?${Math.random()}`)),
      set: (/** @type {number} */ to) => (host = to),
    };
  };

  test("goes on after a mocked timer has moved it an hour ahead of the host's", async (t) => {
    const { now, reached, set } = await clockOf(t);
    const began = now();
    reached(began + 3_600_000);
    assert.equal(now() - began, 3_600_000);
    set(5_250);
    assert.equal(now() - began, 3_600_250);
  });

  test("does not run ahead by timers that ring a little too early", async (t) => {
    const { now, reached, set } = await clockOf(t);
    const began = now();
    for (let at = 1; at <= 1_000; at += 1) {
      set(5_000 + at * 10 - 1);
      reached(began + at * 10);
    }
    assert.ok(now() - began <= 10_000, `${now() - began}`);
  });

  for (const wild of [1e300, Number.MAX_VALUE, 2 ** 53, -1e300, Date.now(), 5_000 + 2 ** 31]) {
    test(`recovers from a reading of ${wild}`, async (t) => {
      const { now, set } = await clockOf(t);
      set(6_000);
      const began = now();
      set(wild);
      const then = now();
      assert.ok(then >= began);
      for (const [host, passed] of [
        [6_000, 0],
        [6_500, 500],
        [7_000, 1_000],
      ]) {
        set(host);
        assert.equal(now() - then, passed);
      }
    });
  }

  test("a call after a wild reading has its whole time", async () => {
    assert.equal(
      await run(
        "const { performance } = globalThis; const now = performance.now.bind(performance);",
        `
      const client = clientOf([]);
      console.log(await told(client.agents.list()));
      performance.now = () => 1e300;
      await told(client.agents.list());
      performance.now = now;
      console.log(await told(client.agents.list({}, { timeout: 20_000, totalTimeout: 20_000 })), await told(clientOf([[503, {}], [503, {}]], { maxRetryDelay: 10 }).agents.list()));`,
      ),
      "fine\nfine fine",
    );
  });
});
