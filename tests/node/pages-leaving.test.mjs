// Leaving a list: break, return and abort cancel what is fetched ahead; reads that overlap lose nothing;
// nothing is left on a signal, in memory, or as a rejection that nobody handles.
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { describe, test } from "node:test";
import { runChild } from "../support/child.mjs";
import { clientOf, failureOf, sleep } from "../support/client.mjs";
import { answer, hostileServer, stall } from "../support/hostile-server.mjs";
import { ids, itemsOf, queryOf } from "../support/lists.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const DONE = { value: undefined, done: true };
const more = (/** @type {{ id: string }[]} */ data) => answer(200, { data, hasMore: true });
const last = (/** @type {{ id: string }[]} */ data) => answer(200, { data, hasMore: false });
const endless = (/** @type {Foreign} */ request) => more(itemsOf(3, Number(queryOf(request).offset ?? 0)));
/** @param {string | { url: string }} server @param {import("agentphone-wasm").RequestOptions} [options] */
const contacts = (server, options) => clientOf(server).contacts.list({}, options);
const listeners = (/** @type {NodeJS.EventEmitter<[never]> | EventTarget} */ signal) =>
  getEventListeners(signal, "abort").length;

describe("break and return", { concurrency: true }, () => {
  test("break closes the socket of the page that was fetched ahead", async (t) => {
    for (const walk of [(/** @type {Foreign} */ list) => list, (/** @type {Foreign} */ list) => list.pages()]) {
      const server = await hostileServer(t, [more(itemsOf(3)), stall("headers")]);
      for await (const _ of walk(contacts(server))) {
        await server.arrival(2);
        break;
      }
      await server.closed(server.received[1]);
      assert.equal(server.count(), 2);
    }
  });

  test("toArray that has enough asks for no more", async (t) => {
    const server = await hostileServer(t, endless);
    assert.equal((await contacts(server).toArray({ limit: 2 })).length, 2);
    await sleep(30);
    assert.equal(server.count(), 1);
  });

  test("return while a read waits ends both, and is no failure", async (t) => {
    for (const walkOf of [
      (/** @type {Foreign} */ list) => list[Symbol.asyncIterator](),
      (/** @type {Foreign} */ list) => list.pages(),
    ]) {
      const server = await hostileServer(t, [more(itemsOf(1)), stall("headers")]);
      const walk = walkOf(contacts(server));
      await walk.next();
      const waiting = walk.next();
      await server.arrival(2);
      assert.deepEqual(await Promise.all([walk.return(), waiting]), [DONE, DONE]);
      assert.deepEqual([await walk.return(), await walk.next()], [DONE, DONE]);
      await server.closed(server.received[1]);
    }
  });

  test("reads that overlap get each item once, in the order of asking", async (t) => {
    const server = await hostileServer(t, (request) =>
      Number(queryOf(request).offset ?? 0) < 9 ? endless(request) : last(itemsOf(3, 9)),
    );
    const walk = contacts(server)[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 14 }, () => walk.next()));
    assert.equal(ids(/** @type {Foreign} */ (results.slice(0, 12).map(({ value }) => value))), ids(itemsOf(12)));
    assert.deepEqual(results.slice(12), [DONE, DONE]);
    const pages = contacts(server).pages();
    const [one, two] = await Promise.all([pages.next(), pages.next()]);
    assert.deepEqual([ids(one.value.data), ids(two.value.data)], ["i0 i1 i2", "i3 i4 i5"]);
    await pages.return?.();
  });
});

describe("an abort", { concurrency: true }, () => {
  test("in the loop: the next read tells it, with items at hand or without; nothing more is sent", async (t) => {
    for (const script of [[more(itemsOf(3)), stall("headers")], endless, last(itemsOf(3))]) {
      const server = await hostileServer(t, script);
      const controller = new AbortController();
      const read = [];
      const error = await failureOf(
        (async () => {
          for await (const item of contacts(server, { signal: controller.signal })) {
            read.push(item);
            if (script !== endless && /** @type {Foreign} */ (script).length) await server.arrival(2);
            await sleep(50);
            controller.abort("enough");
          }
        })(),
      );
      assert.deepEqual([error.code, error.cause, error.name, read.length], ["ABORTED", "enough", "AbortError", 1]);
      assert.equal(listeners(controller.signal), 0);
      // What was under way when it was aborted may still arrive.
      await sleep(50);
      const before = server.count();
      await sleep(50);
      assert.equal(server.count(), before);
      assert.ok(before <= 2);
    }
  });

  test("while a page is waited for; the socket is closed", async (t) => {
    const server = await hostileServer(t, [more(itemsOf(3)), stall("body")]);
    const controller = new AbortController();
    const reason = new Error("own");
    const array = contacts(server, { signal: controller.signal }).toArray();
    await server.arrival(2);
    controller.abort(reason);
    const error = await failureOf(array);
    assert.deepEqual([error.code, error.cause], ["ABORTED", reason]);
    await server.closed(server.received[1]);
    assert.equal(listeners(controller.signal), 0);
  });

  test("before the list: nothing is sent; and what is no signal is told as such", async (t) => {
    const server = await hostileServer(t, endless);
    for (const [signal, code] of /** @type {const} */ ([
      [AbortSignal.abort("early"), "ABORTED"],
      [5, "CONFIGURATION_ERROR"],
      [{}, "CONFIGURATION_ERROR"],
    ])) {
      const list = contacts(server, { signal: /** @type {Foreign} */ (signal) });
      for (const failing of [list, list.toArray(), list.pages().next(), list[Symbol.asyncIterator]().next()]) {
        assert.equal((await failureOf(failing)).code, code);
      }
    }
    assert.equal(server.count(), 0);
  });

  test("options that cannot be read are told by the promise", async (t) => {
    const options = {
      get signal() {
        throw new Error("getter");
      },
    };
    assert.equal(
      (await failureOf(contacts(await hostileServer(t), /** @type {Foreign} */ (options)))).code,
      "CONFIGURATION_ERROR",
    );
  });

  test("no listener is left after a walk that ended, was left, failed or was never begun", async (t) => {
    const { signal } = new AbortController();
    const whole = await hostileServer(t, [more(itemsOf(3)), last(itemsOf(3, 3))]);
    await contacts(whole, { signal }).toArray();
    const server = await hostileServer(t, endless);
    for await (const _ of contacts(server, { signal })) break;
    contacts(server, { signal }).pages();
    await contacts(server, { signal });
    await failureOf(contacts(await hostileServer(t, answer(404)), { signal }).toArray());
    await failureOf(contacts(await hostileServer(t, [more(itemsOf(3)), answer(404)]), { signal }).toArray());
    await failureOf(contacts(await hostileServer(t, more(itemsOf(3))), { signal }).toArray());
    await sleep(20);
    assert.equal(listeners(signal), 0);
  });
});

describe("in a process of its own", { concurrency: true }, () => {
  const program = (/** @type {Awaited<ReturnType<typeof hostileServer>>} */ server, /** @type {string} */ source) => `
    import { AgentPhone } from "agentphone-wasm";
    process.on("unhandledRejection", (error) => console.log("unhandled", error?.code ?? error));
    const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${server.url}", logLevel: "off", maxRetries: 0 });
    const list = (options) => client.contacts.list({}, options);
    const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const tried = async (promise) => { try { await promise; console.log("fine"); } catch (error) { console.log(error.code); } };
    ${source}`;

  test("no failure is left unhandled, whichever way a list is read or left", async (t) => {
    const failing = await hostileServer(t, answer(404));
    const later = await hostileServer(t, (request) =>
      Number(queryOf(request).offset ?? 0) === 0 ? more(itemsOf(3)) : answer(404),
    );
    const first = await runChild(
      program(
        failing,
        `
      await tried(list());
      await tried((async () => { for await (const item of list()) console.log(item); })());
      await tried((async () => { for await (const page of list().pages()) console.log(page); })());
      await tried(list().toArray());
      await tried(list().toArray({ limit: -1 }));
      await tried(list().toArray(5));
      await tried(list().withResponse());
      await tried(list().pages().return());
      await tried(list()[Symbol.asyncIterator]().return());
      await tried(list({ signal: 5 }).toArray());
      await pause(200);`,
      ),
    );
    assert.deepEqual(first.stdout.trim().split("\n"), [
      ...Array(4).fill("NOT_FOUND"),
      "INVALID_ARGUMENT",
      "INVALID_ARGUMENT",
      "NOT_FOUND",
      "fine",
      "fine",
      "CONFIGURATION_ERROR",
    ]);
    const second = await runChild(
      program(
        later,
        `
      for await (const item of list()) { await pause(100); break; }
      const walk = list().pages();
      await walk.next();
      await pause(100);
      await walk.return();
      console.log("left");
      await pause(100);`,
      ),
    );
    assert.equal(second.stdout.trim(), "left");
  });

  test("a list that fails before anybody walks it is told to who walks it later, and to nobody else", async (t) => {
    const failing = await hostileServer(t, ({ path }) => (path.endsWith("/contacts") ? answer(404) : last(itemsOf(1))));
    const { stdout, code } = await runChild(
      program(
        failing,
        `
      const [agents, contacts, paged, both] = [client.agents.list(), list(), list().pages(), list()];
      for await (const _ of agents) await pause(100);
      await tried((async () => { for await (const _ of contacts); })());
      await tried((async () => { for await (const _ of paged); })());
      await tried(both);
      await tried(both.toArray());
      list();
      list().pages();
      list()[Symbol.asyncIterator]();
      await pause(100);
      list().then(() => {});
      await pause(100);`,
      ),
    );
    // The last: who takes a promise of its own out of a list has to look after that one.
    assert.deepEqual([stdout.trim().split("\n"), code], [[...Array(4).fill("NOT_FOUND"), "unhandled NOT_FOUND"], 0]);
  });

  test("memory is flat over 2 000 pages", async (t) => {
    const text = "x".repeat(1000);
    const server = await hostileServer(t, (request) => {
      const offset = Number(queryOf(request).offset ?? 0);
      const data = itemsOf(50, offset).map((item) => ({ ...item, text }));
      return offset < 100_000 ? more(data) : last(data);
    });
    const { stdout, stderr } = await runChild(
      program(
        server,
        `
      const { signal } = new AbortController();
      const heap = [];
      let count = 0;
      for await (const item of list({ signal })) {
        count += 1;
        if (count === 25_000 || count === 100_000) {
          global.gc();
          await pause(50);
          global.gc();
          heap.push(process.memoryUsage().heapUsed + process.memoryUsage().external);
        }
      }
      console.log(count, heap[1] - heap[0]);`,
      ),
      { flags: ["--expose-gc"], limit: 90_000 },
    );
    const [count, growth] = stdout.trim().split(" ").map(Number);
    assert.equal(count, 100_050, stderr);
    // A page is 50 kB; 1 500 pages kept would be 75 MB.
    assert.ok(growth < 4_000_000, `grew by ${growth} bytes`);
  });
});
