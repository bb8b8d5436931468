// Lists, page by page: every shape that the API has, lists that move or lie while they are read, and
// what is fetched ahead.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf, failureOf, sleep } from "../support/client.mjs";
import { answer, hostileServer } from "../support/hostile-server.mjs";
import { ids, itemsOf, listing, messages, queryOf, SHAPES } from "../support/lists.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const OFFSET = "offset with hasMore and total";
/** @param {string | { url: string }} server @param {string} [query] @param {import("agentphone-wasm").RequestOptions} [options] */
const contacts = (server, query, options) => clientOf(server).contacts.list(/** @type {Foreign} */ (query), options);
/** A server whose pages are given one by one; the last repeats. */
const scripted = (/** @type {test.TestContext} */ t, /** @type {Foreign[]} */ ...pages) =>
  hostileServer(
    t,
    pages.map((page) => answer(200, page)),
  );
/** @param {Foreign} data @param {undefined} [rest] */
const more = (data, rest) => ({ data, hasMore: true, .../** @type {Foreign} */ (rest) });
/** @param {Foreign} data @param {undefined} [rest] */
const last = (data, rest) => ({ data, hasMore: false, .../** @type {Foreign} */ (rest) });

describe("every shape of list is one", { concurrency: true }, () => {
  for (const [shape, { list }] of Object.entries(SHAPES)) {
    test(`${shape}: awaited, iterated, by page and as an array`, async (t) => {
      const all = messages(8);
      const server = await hostileServer(
        t,
        listing(shape, () => all),
      );
      const open = (query = {}) => list(clientOf(server), query);
      const first = await open();
      assert.deepEqual([ids(first.data), first.hasMore], [ids(all.slice(0, 3)), true]);
      assert.equal(first.total, shape === "before a time" ? undefined : 8);
      const [second, third] = [await first.next(), await (await first.next())?.next()];
      assert.deepEqual(
        [
          ids(/** @type {Foreign} */ (second?.data)),
          ids(/** @type {Foreign} */ (third?.data)),
          third?.hasMore,
          third?.next(),
        ],
        ["i3 i4 i5", "i6 i7", false, null],
      );
      const read = [];
      for await (const item of open({ limit: 2 })) read.push(item);
      assert.equal(ids(read), ids(all));
      const sizes = [];
      for await (const page of open().pages()) sizes.push(page.data.length);
      assert.deepEqual(sizes, [3, 3, 2]);
      assert.equal(ids(await open().toArray()), ids(all));
    });
  }

  test("a bare array, and a list that comes whole, are one page", async (t) => {
    const server = await hostileServer(t, ({ path }) =>
      answer(200, path.includes("available") ? { data: itemsOf(3) } : itemsOf(3)),
    );
    const client = clientOf(server);
    for (const list of [client.agents.webhook.deliveries.list("agt_1"), client.numbers.available({ country: "US" })]) {
      const page = await list;
      assert.deepEqual([ids(/** @type {Foreign} */ (page.data)), page.hasMore, page.next()], ["i0 i1 i2", false, null]);
      assert.equal((await list.toArray()).length, 3);
    }
    assert.equal(server.count(), 2);
  });

  test("counts that come as text, or not at all", async (t) => {
    const server = await scripted(t, { data: itemsOf(2), total: "3" }, { data: itemsOf(1, 2), total: "3" });
    assert.equal(ids(await clientOf(server).agents.list().toArray()), "i0 i1 i2");
    assert.deepEqual(
      server.received.map((request) => queryOf(request).offset),
      [undefined, "2"],
    );
    for (const page of [
      { data: itemsOf(2) },
      { data: itemsOf(2), total: null, hasMore: null },
      { data: itemsOf(2), total: "None" },
    ]) {
      const untold = await clientOf(await scripted(t, page)).agents.list();
      assert.deepEqual([untold.hasMore, untold.total], [false, undefined]);
    }
  });

  test("an answer that holds no list is an error", async (t) => {
    for (const body of [{}, { data: {} }, { data: null }, { items: "x" }, "[1", "null"]) {
      assert.equal((await failureOf(contacts(await hostileServer(t, answer(200, body))))).code, "INVALID_RESPONSE");
    }
  });

  test("a walk may begin anywhere, and query and options go along, as they were when it began", async (t) => {
    const all = itemsOf(9);
    const server = await hostileServer(
      t,
      listing(OFFSET, () => all),
    );
    const query = { offset: 4, limit: 2, search: "ann" };
    const options = { headers: { "x-own": "1" }, subAccount: "sub_1", timeout: 5_000 };
    const read = [];
    for await (const item of contacts(server, /** @type {Foreign} */ (query), options)) {
      Object.assign(query, { offset: 0, limit: 1, search: "bob" });
      Object.assign(options, { subAccount: "sub_2" });
      read.push(item);
    }
    assert.equal(ids(read), "i4 i5 i6 i7 i8");
    for (const request of server.received) {
      const { limit, search } = queryOf(request);
      assert.deepEqual(
        [limit, search, request.headers["x-own"], request.headers["x-sub-account-id"]],
        ["2", "ann", "1", "sub_1"],
      );
    }
  });

  test("timeout is for each page", async (t) => {
    const slow = {
      performs: false,
      run: (/** @type {import("node:http").ServerResponse} */ response) =>
        setTimeout(() => response.destroyed || response.end(), 10_000).unref(),
    };
    const server = await hostileServer(t, [answer(200, more(itemsOf(3))), slow]);
    const read = [];
    const error = await failureOf(
      (async () => {
        for await (const item of contacts(server, /** @type {Foreign} */ ({}), { timeout: 1_500, maxRetries: 0 }))
          read.push(item);
      })(),
    );
    assert.deepEqual([error.code, read.length], ["TIMEOUT", 3]);
  });

  test("a page that was awaited, or came out of an async function, can be walked from there on, more than once", async (t) => {
    const all = itemsOf(8);
    const server = await hostileServer(
      t,
      listing(OFFSET, () => all),
    );
    const open = async () => contacts(server);
    const page = await open();
    for (const _ of [1, 2]) {
      const read = [];
      for await (const item of page) read.push(item);
      assert.equal(ids(read), ids(all));
    }
    const rest = [];
    for await (const item of (await page.next()) ?? []) rest.push(item);
    assert.equal(ids(rest), ids(all.slice(3)));
  });

  test("withResponse tells of the first page; a wrong query is refused before anything is sent", async (t) => {
    const server = await scripted(t, more(itemsOf(3)));
    const { data, response, attempts } = await contacts(server).withResponse();
    assert.deepEqual([data.data.length, data.hasMore, response.status, attempts], [3, true, 200, 1]);
    for (const query of [{ limit: 0 }, { limit: 1.5 }, { offset: -1 }, "limit=5", [], { search: {} }]) {
      assert.equal((await failureOf(contacts(server, /** @type {Foreign} */ (query)))).code, "INVALID_ARGUMENT");
      assert.equal(
        (await failureOf(contacts(server, /** @type {Foreign} */ (query)).toArray())).code,
        "INVALID_ARGUMENT",
      );
    }
    assert.equal(server.count(), 1);
  });
});

describe("lists that move", { concurrency: true }, () => {
  test("an item that comes again at a page edge is given once", async (t) => {
    const server = await scripted(t, more(itemsOf(3)), more(itemsOf(3, 2)), last(itemsOf(3, 4)));
    assert.equal(ids(await contacts(server).toArray()), ids(itemsOf(7)));
    for await (const { data } of contacts(await scripted(t, more(itemsOf(3)), last(itemsOf(3, 1)))).pages())
      assert.ok(data.length === 3 || ids(data) === "i3");
  });

  test("a list that grows by whole pages while it is read is read to its end", async (t) => {
    for (const grown of [3, 6]) {
      let all = itemsOf(8);
      const server = await hostileServer(t, (request) => {
        if (request.number === 2) all = [...itemsOf(grown, 100), ...all];
        return listing(OFFSET, () => all)(request);
      });
      const read = await contacts(server).toArray();
      const old = read.filter(({ id }) => id.length < 4);
      assert.deepEqual(
        [ids(old), new Set(read.map(({ id }) => id)).size],
        [ids(itemsOf(8)), read.length],
        `${grown} more`,
      );
    }
  });

  test("a list that shrinks while it is read ends", async (t) => {
    for (const shape of ["offset with a total alone", OFFSET]) {
      let all = itemsOf(12);
      const server = await hostileServer(t, (request) => {
        if (request.number === 2) all = all.slice(0, 3);
        return listing(shape, () => all)(request);
      });
      assert.equal(ids(await SHAPES[shape].list(clientOf(server)).toArray()), "i0 i1 i2");
    }
  });

  test("items without an id, or with null for one, are never taken for the same", async (t) => {
    const [one, two] = [
      [{ id: null, n: 1 }, { id: null, n: 1 }, 5, null],
      [{ id: null, n: 1 }, { n: 1 }, 5, "x"],
    ];
    const server = await scripted(t, more(one), last(two));
    assert.deepEqual(await contacts(server).toArray(), [...one, ...two]);
  });

  test("before: two messages of the same time at a page edge are given once where they come twice", async (t) => {
    const [time, later] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:05Z"];
    const message = (/** @type {string} */ id, /** @type {string} */ receivedAt) => ({ id, receivedAt });
    const server = await scripted(
      t,
      more([message("a", later), message("b", time), message("c", time)]),
      last([message("b", time), message("c", time), message("d", time)]),
    );
    assert.equal(ids(await clientOf(server).numbers.messages.list("num_1").toArray()), "a b c d");
    assert.equal(queryOf(server.received[1]).before, time);
  });

  test("before: the oldest is found by the clock, not by the alphabet", async (t) => {
    const times = [
      "2026-01-01T00:00:00.500Z",
      "2026-01-01T00:00:00Z",
      "2026-01-01T02:00:00+02:00",
      "2025-12-31T23:59:59Z",
    ];
    const server = await scripted(t, more(times.map((receivedAt, i) => ({ id: `i${i}`, receivedAt }))), last([]));
    await clientOf(server)
      .numbers.messages.list("num_1", { before: new Date("2026-02-01") })
      .toArray();
    assert.deepEqual(
      server.received.map((request) => queryOf(request).before),
      ["2026-02-01T00:00:00.000Z", times[3]],
    );
  });
});

describe("lists that lie end with an error, not in a loop and not too early", { concurrency: true }, () => {
  const LIES = {
    "a server that takes no notice of the offset": [more(itemsOf(3))],
    "the same, of a list with a total alone": [{ data: itemsOf(3), total: 6 }],
    "the same, with items without ids": [more([{ n: 1 }, { n: 2 }])],
    "an empty page that says that more follows": [more([])],
    "the same, later": [more(itemsOf(3)), more([])],
    "pages that only ever tell old items": [more(itemsOf(3)), more(itemsOf(2)), more(itemsOf(2, 1))],
  };
  for (const [name, pages] of Object.entries(LIES)) {
    test(name, async (t) => {
      const server = await scripted(t, ...pages);
      /** @type {Foreign[]} */
      const read = [];
      const error = await failureOf(
        (async () => {
          for await (const item of contacts(server)) read.push(item);
        })(),
      );
      assert.deepEqual([error.code, error.operation, error.retryable], ["INVALID_RESPONSE", "contacts.list", false]);
      assert.deepEqual(read, pages[0].data);
      assert.ok(server.count() <= 6, `${server.count()} requests`);
    });
  }

  test("a server that takes no notice of before, and a time that does not move", async (t) => {
    for (const receivedAt of ["2026-01-01T00:00:00Z", undefined]) {
      const server = await scripted(
        t,
        more([
          { id: "a", receivedAt },
          { id: "b", receivedAt },
        ]),
      );
      const error = await failureOf(clientOf(server).conversations.messages.list("conv_1").toArray());
      assert.equal(error.code, "INVALID_RESPONSE");
      assert.ok(server.count() <= 2);
    }
  });

  test("next of a page that cannot be followed rejects, and is a list all the same", async (t) => {
    const page = await contacts(await scripted(t, more([])));
    assert.equal(page.hasMore, true);
    for (const failing of [
      page.next(),
      page.next()?.toArray(),
      page.next()?.withResponse(),
      page.next()?.pages().next(),
    ]) {
      assert.equal((await failureOf(/** @type {Foreign} */ (failing))).code, "INVALID_RESPONSE");
    }
  });
});

describe("fetching ahead", { concurrency: true }, () => {
  const endless = () => (/** @type {{ url: string }} */ request) =>
    answer(200, more(itemsOf(3, Number(queryOf(request).offset ?? 0))));

  test("at most one page, however slow the caller", async (t) => {
    const server = await hostileServer(t, endless());
    let pages = 0;
    for await (const page of contacts(server).pages()) {
      pages += 1;
      assert.equal(page.data.length, 3);
      // It arrives late on a busy machine; a second one would follow at once.
      for (const until = Date.now() + 10_000; server.count() <= pages && Date.now() < until; ) await sleep(10);
      await sleep(120);
      assert.equal(server.count(), pages + 1);
      if (pages === 4) break;
    }
  });

  test("nothing where nothing is iterated, and nothing more than toArray needs", async (t) => {
    const server = await hostileServer(t, endless());
    await contacts(server);
    await sleep(50);
    assert.equal(server.count(), 1);
    for (const [limit, requests] of [
      [0, 1],
      [1, 1],
      [3, 1],
      [4, 2],
      [6, 2],
      [7, 3],
    ]) {
      const before = server.count();
      assert.equal(ids(await contacts(server).toArray({ limit })), ids(itemsOf(limit)));
      await sleep(30);
      assert.equal(server.count() - before, requests, `limit ${limit}`);
    }
  });

  test("toArray takes fewer than asked for, and refuses what is no limit", async (t) => {
    const all = itemsOf(5);
    const server = await hostileServer(
      t,
      listing(OFFSET, () => all),
    );
    for (const options of [undefined, {}, { limit: undefined }, { limit: 5 }, { limit: 99 }, { limit: Infinity }]) {
      assert.equal((await contacts(server).toArray(options)).length, 5);
    }
    const throwing = {
      get limit() {
        throw new Error("no");
      },
    };
    for (const options of [
      5,
      null,
      "5",
      { limit: -1 },
      { limit: 1.5 },
      { limit: NaN },
      { limit: "5" },
      { limit: null },
      { limit: Symbol("5") },
      { limit: 5n },
      {
        limit: {
          valueOf() {
            throw new Error("no");
          },
        },
      },
      throwing,
    ]) {
      assert.equal(
        (await failureOf(contacts(server).toArray(/** @type {Foreign} */ (options)))).code,
        "INVALID_ARGUMENT",
      );
    }
  });

  test("a failure comes after the items before it, and a page is retried like any request", async (t) => {
    const server = await hostileServer(t, ({ number }) =>
      number === 2
        ? answer(503, {}, { "retry-after-ms": "1" })
        : number < 4
          ? answer(200, more(itemsOf(3, number * 3)))
          : answer(404),
    );
    const read = [];
    const error = await failureOf(
      (async () => {
        for await (const item of contacts(server)) read.push(item);
      })(),
    );
    assert.deepEqual([error.code, read.length, server.count()], ["NOT_FOUND", 6, 4]);
  });

  test("an iterator that was taken by hand can be handed on to whoever takes iterables", async (t) => {
    const all = itemsOf(8);
    const list = contacts(
      await hostileServer(
        t,
        listing(OFFSET, () => all),
      ),
    );
    const iterator = /** @type {AsyncIterableIterator<{ id: string }>} */ (list[Symbol.asyncIterator]());
    assert.equal((await iterator.next()).value?.id, "i0");
    const rest = [];
    for await (const item of iterator) rest.push(item);
    assert.equal(ids(rest), ids(all.slice(1)));
    assert.equal(iterator[Symbol.asyncIterator](), iterator);
  });

  test("texts that are skipped by offset are skipped once, and not again on each page that is asked for by time", async (t) => {
    const all = messages(10);
    const server = await hostileServer(t, (request) => {
      const { before, offset = 0 } = queryOf(request);
      const rest = before ? all.filter(({ receivedAt }) => receivedAt < before) : all;
      return answer(200, {
        data: rest.slice(Number(offset), Number(offset) + 3),
        hasMore: rest.length > Number(offset) + 3,
      });
    });
    const read = await clientOf(server).numbers.messages.list("num_1", { offset: 2 }).toArray();
    assert.equal(ids(read), ids(all.slice(2)));
    assert.deepEqual(
      server.received.map((request) => queryOf(request).offset),
      ["2", undefined, undefined],
    );
  });

  test("two walks of one list do not disturb each other", async (t) => {
    const all = itemsOf(8);
    const list = contacts(
      await hostileServer(
        t,
        listing(OFFSET, () => all),
      ),
    );
    const both = await Promise.all([list.toArray(), list.toArray(), list]);
    assert.deepEqual([ids(both[0]), ids(both[1]), both[2].data.length], [ids(all), ids(all), 3]);
  });
});
