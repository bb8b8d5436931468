// Nothing of one caller reaches another: whatever a call asks of its caller's code (key, hooks, log, transport) runs
// in the async context in which the call was made, however many calls are under way and whoever wakes whom.
import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { createServer } from "node:http";
import { describe, test } from "node:test";
import { AgentPhone } from "agentphone-wasm";
import { runChild } from "../support/child.mjs";
import { sleep } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const storage = new AsyncLocalStorage();
const tenantsOf = (/** @type {number} */ count) => Array.from({ length: count }, (_, number) => `t${number}`);
const page = (/** @type {Foreign} */ data, /** @type {number} */ total) =>
  new Response(JSON.stringify({ data, total, hasMore: data.length < total }));
const stream = (/** @type {BodyInit | null} */ text) =>
  new Response(text, { headers: { "content-type": "text/event-stream" } });

/** Notes everything that ran for one caller in the context of another. */
class Witness {
  wrong = new Set();
  seen = new Map();

  /** @param {string} what @param {string | undefined} tenant */
  see(what, tenant) {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
    const now = storage.getStore();
    if (now !== tenant) this.wrong.add(`${what} of ${tenant} ran as ${now}`);
  }

  /** @param {string | undefined} tenant */
  hooks(tenant) {
    return Object.fromEntries(
      ["onRequest", "onResponse", "onRetry", "onError"].map((name) => [name, () => this.see(name, tenant)]),
    );
  }

  /** @param {string | undefined} tenant */
  logger(tenant) {
    return Object.fromEntries(["error", "warn", "info", "debug"].map((name) => [name, () => this.see("log", tenant)]));
  }

  /** Options of a request that watch over all that it asks of its caller. @param {string} tenant */
  options(tenant) {
    return { hooks: this.hooks(tenant), logger: this.logger(tenant), logLevel: "debug" };
  }

  /** A client of the whole process: its supplier answers for whoever is served now. `answer(tenant, nth)` of its requests. */
  client(/** @type {Foreign} */ answer, options = {}) {
    const counts = new Map();
    return new AgentPhone({
      logLevel: "off",
      apiKey: async () => `sk_${storage.getStore()}`,
      fetch: async (url, init) => {
        const tenant = /(?:search=|calls\/)(t\d+)/.exec(url)?.[1];
        this.see("fetch", tenant);
        if (/** @type {Foreign} */ (init.headers)?.authorization !== `Bearer sk_${tenant}`)
          this.wrong.add(
            `a request of ${tenant} left with the key ${/** @type {Foreign} */ (init.headers)?.authorization}`,
          );
        init.signal?.addEventListener("abort", () => this.see("abort of fetch", tenant));
        counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
        return answer(tenant, counts.get(tenant), init.signal);
      },
      ...options,
    });
  }

  /** Fails where something ran in the wrong context, or one of `what` did not run at all. @param {string[]} what */
  check(...what) {
    assert.deepEqual([...this.wrong], []);
    for (const name of what) assert.ok(this.seen.get(name) > 0, `${name} was never asked`);
  }
}

/** Runs `work` for each tenant in its own context, all begun in one turn of the event loop. */
const each = (/** @type {Foreign} */ tenants, /** @type {Foreign} */ work) =>
  Promise.all(tenants.map((/** @type {string} */ tenant) => storage.run(tenant, () => work(tenant))));

for (const count of [2, 100]) {
  const tenants = tenantsOf(count);

  describe(`${count} callers at once`, { concurrency: true }, () => {
    test("key supplier, hooks, log, fetch and what follows the await", async () => {
      const witness = new Witness();
      const client = witness.client((/** @type {string} */ tenant) => page([{ id: tenant }], 1));
      await each(tenants, async (/** @type {string} */ tenant) => {
        const { data } = await client.contacts.list(
          { search: tenant },
          /** @type {Foreign} */ (witness.options(tenant ?? "")),
        );
        witness.see("code after the await", tenant);
        assert.equal(data[0].id, tenant);
      });
      witness.check("onRequest", "onResponse", "log", "fetch", "code after the await");
    });

    test("a retry after backoff", async () => {
      const witness = new Witness();
      const client = witness.client(
        (/** @type {Foreign} */ _, /** @type {number} */ nth) =>
          nth === 1 ? new Response("", { status: 503 }) : page([], 0),
        { maxRetryDelay: 30 },
      );
      await each(tenants, (/** @type {string} */ tenant) =>
        client.contacts.list({ search: tenant }, /** @type {Foreign} */ (witness.options(tenant))),
      );
      witness.check("onRetry", "onResponse", "log");
    });

    test("an error, of the API and of the caller's own arguments", async () => {
      const witness = new Witness();
      const client = witness.client(() => new Response("{}", { status: 404 }));
      await each(tenants, async (/** @type {string} */ tenant) => {
        await client.contacts
          .list({ search: tenant }, /** @type {Foreign} */ (witness.options(tenant)))
          .catch(() => witness.see("catch", tenant));
        await client.calls
          .get("", /** @type {Foreign} */ (witness.options(tenant)))
          .catch(() => witness.see("catch", tenant));
        await client.calls
          .get(tenant, /** @type {Foreign} */ ({ ...witness.options(tenant), timeout: -1 }))
          .catch(() => witness.see("catch", tenant));
      });
      witness.check("onError", "catch");
    });

    test("the wake-up at a rate limiter that one of them has closed for all", async () => {
      const witness = new Witness();
      let refused = false;
      const client = witness.client(
        (/** @type {Foreign} */ _) => {
          if (refused) return page([], 0);
          refused = true;
          return new Response("{}", { status: 429, headers: { "retry-after-ms": "120" } });
        },
        // One key, so that they share the limiter.
        { apiKey: "sk_shared" },
      );
      const all = each(tenants, async (/** @type {string} */ tenant) => {
        // Not in one turn: the first is refused before the others come.
        if (tenant !== "t0") await sleep(40);
        await client.contacts.list({ search: tenant }, /** @type {Foreign} */ (witness.options(tenant)));
        witness.see("code after the await", tenant);
      });
      await all;
      const keys = [...witness.wrong].filter((text) => !text.includes("left with the key Bearer sk_shared"));
      assert.deepEqual(keys, []);
      assert.ok(witness.seen.get("onRetry") > 0);
    });

    test("pages, prefetched ones too", async () => {
      const witness = new Witness();
      const client = witness.client(
        (/** @type {string} */ tenant, /** @type {number} */ nth) =>
          new Response(JSON.stringify({ data: [{ id: `${tenant}-${nth}` }], total: 4, hasMore: nth < 4 })),
      );
      await each(tenants, async (/** @type {string} */ tenant) => {
        for await (const item of client.contacts.list(
          { search: tenant, limit: 1 },
          /** @type {Foreign} */ (witness.options(tenant ?? "")),
        )) {
          witness.see("item", tenant);
          assert.match(item.id, new RegExp(`^${tenant}-`));
          await sleep(1);
        }
      });
      assert.equal(witness.seen.get("item"), 4 * count);
      witness.check("onRequest");
    });

    test("a transcript that is cut once and goes on", async () => {
      const witness = new Witness();
      const turn = (/** @type {unknown} */ content) =>
        `event: turn\ndata: ${JSON.stringify({ role: "user", content })}\n\n`;
      const client = witness.client((/** @type {string} */ tenant, /** @type {number} */ nth) =>
        stream(nth === 1 ? turn(tenant) : `${turn(tenant)}event: ended\ndata: {}\n\n`),
      );
      await each(tenants, async (/** @type {string} */ tenant) => {
        for await (const { event, data } of client.calls.transcript.stream(
          tenant,
          /** @type {Foreign} */ ({ ...witness.options(tenant), maxRetryDelay: 20 }),
        )) {
          witness.see("event", tenant);
          if (event === "turn") assert.equal(data.content, tenant);
        }
      });
      witness.check("event", "onRequest", "onResponse");
    });

    test("an abort by somebody else's signal", async () => {
      const witness = new Witness();
      const client = witness.client(
        (/** @type {Foreign} */ _, /** @type {Foreign} */ __, /** @type {Foreign} */ signal) =>
          new Promise((__, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
      );
      const shared = new AbortController();
      const all = each(tenants, async (/** @type {string} */ tenant) => {
        const options = { ...witness.options(tenant ?? ""), signal: shared.signal };
        await client.contacts
          .list({ search: tenant }, /** @type {Foreign} */ (options))
          .catch(() => witness.see("catch", tenant));
      });
      const read = each(tenants, async (/** @type {string} */ tenant) => {
        const open = client.calls.transcript.stream(
          tenant,
          /** @type {Foreign} */ ({ ...witness.options(tenant), signal: shared.signal }),
        );
        await open.next().catch(() => witness.see("catch", tenant));
      });
      await sleep(20);
      storage.run("somebody else", () => shared.abort());
      await Promise.all([all, read]);
      witness.check("onError", "catch", "abort of fetch");
    });

    test("a recording and a transcript that somebody else gives up", async () => {
      const witness = new Witness();
      const open = (/** @type {string} */ type, /** @type {string | undefined} */ text) =>
        new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode(text)) }), {
          headers: { "content-type": type },
        });
      for (const give of ["cancel", "bytes", "stream"]) {
        const client = witness.client(() => open("audio/wav", "abc"));
        const all = await each(tenants, (/** @type {string} */ tenant) => client.calls.recording.get(tenant));
        const reads =
          give === "cancel"
            ? []
            : all.map((recording) =>
                (give === "bytes" ? recording.bytes() : new Response(recording.stream).arrayBuffer()).catch(() => {}),
              );
        await sleep(5);
        storage.run("somebody else", () => {
          for (const recording of all) recording.cancel();
        });
        await Promise.all(reads);
      }
      await sleep(5);
      const recordings = witness.seen.get("abort of fetch");
      assert.equal(recordings, 3 * count);
      const client = witness.client(() => open("text/event-stream", 'event: turn\ndata: {"content":"x"}\n\n'));
      const streams = await each(tenants, async (/** @type {string} */ tenant) => {
        const stream = client.calls.transcript.stream(tenant);
        await stream.next();
        return { stream, reading: count === 2 ? undefined : stream.next() };
      });
      await storage.run("somebody else", () => Promise.all(streams.map(({ stream }) => stream.return())));
      await Promise.all(streams.map(({ reading }) => reading));
      // Recordings are asked for without a key.
      assert.deepEqual(
        [...witness.wrong].filter((text) => !text.endsWith("left with the key undefined")),
        [],
      );
      assert.equal(witness.seen.get("abort of fetch"), recordings + count);
    });

    test("an abort of a transcript that is open", async () => {
      const witness = new Witness();
      const open = () =>
        new Response(new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode(": here\n\n")) }), {
          headers: { "content-type": "text/event-stream" },
        });
      const client = witness.client(open);
      const shared = new AbortController();
      const all = each(tenants, async (/** @type {string} */ tenant) => {
        const read = client.calls.transcript.stream(
          tenant,
          /** @type {Foreign} */ ({ ...witness.options(tenant), signal: shared.signal }),
        );
        await read.next().catch(() => witness.see("catch", tenant));
      });
      await sleep(20);
      storage.run("somebody else", () => shared.abort());
      await all;
      witness.check("onError", "catch", "abort of fetch");
    });
  });
}

test("the global fetch is called in its caller's context, so that its trace is the caller's", async (t) => {
  const tenants = tenantsOf(100);
  const witness = new Witness();
  const before = globalThis.fetch;
  t.after(() => (globalThis.fetch = before));
  globalThis.fetch = async (url, init) => {
    const tenant = /search=(t\d+)/.exec(/** @type {Foreign} */ (url))?.[1];
    witness.see("global fetch", tenant);
    if (/** @type {Foreign} */ (init?.headers)?.authorization !== `Bearer sk_${tenant}`)
      witness.wrong.add(`${tenant} left with ${/** @type {Foreign} */ (init?.headers)?.authorization}`);
    return page([], 0);
  };
  const client = new AgentPhone({ apiKey: () => `sk_${storage.getStore()}`, logLevel: "off" });
  await each(tenants, (/** @type {string} */ tenant) => client.contacts.list({ search: tenant }));
  witness.check("global fetch");
});

test("a server whose requests share one client sends each with its own tenant's key, 10 000 times", async (t) => {
  const upstream = createServer((request, response) => {
    const tenant = new URL(request.url ?? "", "http://x").searchParams.get("search");
    const right = request.headers.authorization === `Bearer sk_${tenant}`;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ data: [{ id: right ? "right" : "WRONG" }], total: 1 }));
  });
  await new Promise((resolve) =>
    upstream.listen(0, /** @type {Foreign} */ ("127.0.0.1"), /** @type {Foreign} */ (resolve)),
  );
  t.after(() => (upstream.closeAllConnections(), upstream.close()));
  const client = new AgentPhone({
    baseUrl: `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (upstream.address()).port}`,
    apiKey: async () => (await null, `sk_${storage.getStore()}`),
    logLevel: "off",
  });
  let wrong = 0;
  for (let round = 0; round < 100; round += 1) {
    await each(tenantsOf(100), async (/** @type {string} */ tenant) => {
      const { data } = await client.contacts.list({ search: tenant });
      if (data[0].id !== "right" || storage.getStore() !== tenant) wrong += 1;
    });
  }
  assert.equal(wrong, 0);
});

test("a key that a supplier gave before a long wait is asked for again after it", async () => {
  let asked = 0;
  /** @type {Foreign[]} */
  const used = [];
  const client = new AgentPhone({
    logLevel: "off",
    apiKey: () => (asked++, "sk_same"),
    fetch: async (_, init) => {
      used.push(/** @type {Foreign} */ (init.headers)?.authorization);
      return used.length === 1 ? new Response("{}", { status: 429, headers: { "retry-after-ms": "50" } }) : page([], 0);
    },
  });
  await client.contacts.list();
  assert.deepEqual(used, ["Bearer sk_same", "Bearer sk_same"]);
  assert.equal(asked, 3);
});

/** Runs `work` beside zone.js in a process of its own: `each(work)` for three zones, `see(what, tenant)`, `answer(tenant, nth)`. */
const inZones = async (/** @type {string} */ work) => {
  const { stdout, stderr } = await runChild(`
    import "zone.js";
    import { AgentPhone } from "agentphone-wasm";
    const wrong = new Set();
    const see = (what, tenant) => { if (Zone.current.name !== tenant) wrong.add(what + " of " + tenant + " ran in " + Zone.current.name); };
    const json = (body, status = 200) => new Response(JSON.stringify(body), { status });
    const counts = {};
    const clientOf = (answer) => new AgentPhone({
      logLevel: "off", maxRetryDelay: 20,
      apiKey: () => "sk_" + Zone.current.name,
      fetch: (url, init) => {
        const tenant = /(?:search=|calls.)(t\\d)/.exec(url)[1];
        see("fetch", tenant);
        if (init.headers.authorization !== "Bearer sk_" + tenant) wrong.add(tenant + " left with " + init.headers.authorization);
        counts[tenant] = (counts[tenant] ?? 0) + 1;
        return Promise.resolve(answer(tenant, counts[tenant]));
      },
    });
    const hooks = (tenant) => Object.fromEntries(["onRequest", "onResponse", "onRetry", "onError"].map((name) => [name, () => see(name, tenant)]));
    const each = (work) => Promise.all(["t1", "t2", "t3"].map((tenant) => Zone.current.fork({ name: tenant }).run(() => work(tenant))));
    // Not by await: code that zone.js can follow is compiled to promises.
    const drain = (iterator, tenant, given = 0) => iterator.next().then(({ done }) => (see("item", tenant), done ? given : drain(iterator, tenant, given + 1)));
    ${work}
    console.log(JSON.stringify({ counts, wrong: [...wrong] }));
    process.exit();`);
  assert.equal(stderr, "");
  const { counts, wrong } = JSON.parse(stdout);
  assert.deepEqual(wrong, []);
  return counts;
};

describe("zone.js: whatever a call asks of its caller runs in the caller's zone", { concurrency: true }, () => {
  test("with a retry", async () => {
    const counts = await inZones(`
      const client = clientOf((tenant, nth) => (nth === 1 ? json({}, 503) : json({ data: [], total: 0 })));
      await each((tenant) => client.contacts.list({ search: tenant }, { hooks: hooks(tenant) }).then(() => see("then", tenant)));`);
    assert.deepEqual(counts, { t1: 2, t2: 2, t3: 2 });
  });

  test("over pages", async () => {
    const counts = await inZones(`
      const client = clientOf((tenant, nth) => json({ data: [{ id: nth }], total: 4, hasMore: nth < 4 }));
      await each((tenant) => drain(client.contacts.list({ search: tenant, limit: 1 }, { hooks: hooks(tenant) })[Symbol.asyncIterator](), tenant));`);
    assert.deepEqual(counts, { t1: 4, t2: 4, t3: 4 });
  });

  test("over a transcript that is cut twice", async () => {
    const counts = await inZones(`
      const event = (end) => new Response("event: turn\\ndata: {\\"content\\":\\"x\\"}\\n\\n" + (end ? "event: ended\\ndata: {}\\n\\n" : ""), { headers: { "content-type": "text/event-stream" } });
      const client = clientOf((tenant, nth) => event(nth === 3));
      await each((tenant) => drain(client.calls.transcript.stream(tenant, { hooks: hooks(tenant) }), tenant));`);
    assert.deepEqual(counts, { t1: 3, t2: 3, t3: 3 });
  });
});
