// Lists that go round in circles, run away or make things up end with an error, after few requests and with no item
// given twice; lists that only move do not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { clientOf, failureOf } from "../support/client.mjs";
import { ids, itemsOf } from "../support/lists.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/** A list whose n-th answer `page` makes, from 0; it counts the requests. */
const listOf = (
  /** @type {Foreign} */ page,
  open = (/** @type {import("agentphone-wasm").AgentPhone} */ client) => client.contacts.list(),
) => {
  const seen = { requests: 0 };
  const fetch = async (/** @type {string | URL} */ url) => {
    if (seen.requests > 60_000) throw new Error("it does not end");
    return { status: 200, text: async () => JSON.stringify(page(seen.requests++, new URL(url).searchParams)) };
  };
  return {
    seen,
    open: () => open(clientOf("http://127.0.0.1:9", { fetch: /** @type {Foreign} */ (fetch), maxRetries: 0 })),
  };
};
/** Reads it; gives what was read and the error. */
const read = async (/** @type {Foreign} */ { open }) => {
  /** @type {Foreign[]} */
  const items = [];
  const error = await failureOf(
    (async () => {
      for await (const item of open()) items.push(item);
    })(),
  );
  return { items, error };
};
/** @param {Foreign} data @param {{ total: string | number }} [rest] */
const more = (data, rest) => ({ data, hasMore: true, ...rest });
const messages = (/** @type {Foreign} */ client) => client.conversations.messages.list("conv_1");

describe("circles", { concurrency: true }, () => {
  for (const period of [1, 2, 3, 4, 7, 50]) {
    test(`of ${period} pages: no item twice, and an end when it has gone round twice`, async () => {
      const list = listOf((/** @type {number} */ n) => more(itemsOf(3, (n % period) * 3)));
      const { items, error } = await read(list);
      assert.deepEqual([error.code, error.operation], ["INVALID_RESPONSE", "contacts.list"]);
      assert.equal(ids(items), ids(itemsOf(3 * period)));
      assert.ok(list.seen.requests <= 2 * Math.max(period, 3) + 1, `${list.seen.requests} requests`);
    });
  }

  test("that begin after some pages, and whose pages are cut anew each time", async () => {
    const list = listOf((/** @type {number} */ n) =>
      more(n < 5 ? itemsOf(3, 100 + n * 3) : [...itemsOf(4, n % 7), ...itemsOf(2, 20 + ((n * 3) % 8))]),
    );
    const { items, error } = await read(list);
    assert.equal(error.code, "INVALID_RESPONSE");
    assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
    assert.ok(list.seen.requests < 60, `${list.seen.requests} requests`);
  });

  test("of one page or two after a long walk are not walked as long again", async () => {
    for (const period of [1, 2]) {
      const list = listOf((/** @type {number} */ n) => more(itemsOf(2, 2 * (n < 1_000 ? n : 1_000 - (n % period)))));
      const { error } = await read(list);
      assert.equal(error.code, "INVALID_RESPONSE");
      assert.ok(list.seen.requests < 1_020, `${list.seen.requests} requests`);
    }
  });

  test("of items that have no ids, or objects for ids", async () => {
    for (const item of [
      (/** @type {number} */ n) => ({ n }),
      (/** @type {number} */ n) => ({ id: { n } }),
      (/** @type {number} */ n) => n,
      (/** @type {number} */ n) => `a${n}`,
      (/** @type {number} */ n) => ({ id: null, n }),
      (/** @type {number} */ n) => [n],
    ]) {
      for (const period of [1, 3, 6]) {
        const list = listOf((/** @type {number} */ n) => more([item(2 * (n % period)), item(2 * (n % period) + 1)]));
        assert.equal((await read(list)).error.code, "INVALID_RESPONSE");
        assert.ok(list.seen.requests <= 2 * Math.max(period, 3) + 1, `${list.seen.requests} requests`);
      }
    }
  });

  test("longer than what is remembered", async () => {
    const list = listOf((/** @type {number} */ n) => more(itemsOf(100, (n % 130) * 100)));
    const { error } = await read(list);
    assert.equal(error.code, "INVALID_RESPONSE");
    assert.ok(list.seen.requests < 1_000, `${list.seen.requests} requests`);
  });

  test("longer than what is remembered, and cut anew each time", async () => {
    const list = listOf((/** @type {number} */ n) =>
      more(Array.from({ length: 97 }, (_, at) => itemsOf(1, (n * 97 + at) % 13_000)[0])),
    );
    assert.equal((await read(list)).error.code, "INVALID_RESPONSE");
    assert.ok(list.seen.requests < 1_000, `${list.seen.requests} requests`);
  });

  test("in no order: the same items, drawn by chance or shuffled anew for each page", async () => {
    let seed = 1;
    const below = (/** @type {number} */ limit) =>
      Math.floor(((seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32) * limit);
    const shuffled = (/** @type {Foreign} */ items) => {
      for (let at = items.length - 1; at > 0; at -= 1) {
        const other = below(at + 1);
        [items[at], items[other]] = [items[other], items[at]];
      }
      return items;
    };
    const bare = (/** @type {Foreign} */ items) => items.map((/** @type {Foreign} */ { id }) => ({ name: id }));
    const draw = (/** @type {number} */ count, /** @type {number} */ of) =>
      Array.from({ length: count }, () => itemsOf(1, below(of))[0]);
    for (const [most, page] of /** @type {const} */ ([
      [10, () => shuffled(itemsOf(8))],
      [10, () => bare(shuffled(itemsOf(8)))],
      [200, () => draw(5, 60)],
      [3_000, () => bare(draw(10, 50))],
      [2_500, () => draw(100, 20_000)],
      [2_000, (/** @type {number} */ n) => shuffled(itemsOf(100, (n % 150) * 100))],
    ])) {
      const list = listOf((/** @type {number} */ n) => more(page(n)));
      assert.equal((await read(list)).error.code, "INVALID_RESPONSE");
      assert.ok(list.seen.requests <= most, `${list.seen.requests} requests, not ${most}`);
    }
  });

  test("of items nested deeper than any stack, which are no error by themselves", async () => {
    const deep = (/** @type {number} */ n) => `${'{"a":['.repeat(20_000)}${n}${"]}".repeat(20_000)}`;
    const answers = (/** @type {Foreign} */ pages) => {
      let n = 0;
      return {
        open: () =>
          clientOf("http://127.0.0.1:9", {
            fetch: /** @type {Foreign} */ (async () => ({ status: 200, text: async () => pages(n++) })),
          }).contacts.list(),
      };
    };
    const pages = [
      `{"data":[${deep(1)}],"hasMore":true}`,
      `{"data":[${deep(2)}],"hasMore":true}`,
      `{"data":[{"id":${deep(3)}}],"hasMore":false}`,
    ];
    assert.equal(
      (
        await answers((/** @type {number} */ n) => pages[n])
          .open()
          .toArray()
      ).length,
      3,
    );
    assert.equal((await read(answers((/** @type {number} */ n) => pages[n % 2]))).error.code, "INVALID_RESPONSE");
  });

  test("that are walked by hand, page by page, or into an array", async () => {
    const circle = () => listOf((/** @type {number} */ n) => more(itemsOf(3, (n % 3) * 3))).open();
    assert.equal((await failureOf(circle().toArray())).code, "INVALID_RESPONSE");
    assert.equal(
      (
        await failureOf(
          (async () => {
            for await (const _ of circle().pages());
          })(),
        )
      ).code,
      "INVALID_RESPONSE",
    );
    assert.equal(ids(await circle().toArray({ limit: 9 })), ids(itemsOf(9)));
  });
});

describe("lists that run away", { concurrency: true }, () => {
  const at = (/** @type {number} */ minute) => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();

  test("before: times that grow later from page to page", async () => {
    const list = listOf((/** @type {number} */ n) => more([{ id: `m${n}`, receivedAt: at(n) }]), messages);
    const { items, error } = await read(list);
    assert.deepEqual([error.code, items.length, list.seen.requests], ["INVALID_RESPONSE", 2, 2]);
  });

  test("before: the same time, written in another way", async () => {
    for (const times of [
      ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000Z"],
      ["2026-01-01T00:00:00.120Z", "2026-01-01T00:00:00.12Z"],
      ["2026-01-01T00:00:00.123400Z", "2026-01-01T00:00:00.1234Z"],
      ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00"],
    ]) {
      const list = listOf((/** @type {number} */ n) => more([{ id: `m${n}`, receivedAt: times[n % 2] }]), messages);
      const { error } = await read(list);
      assert.deepEqual([error.code, list.seen.requests], ["INVALID_RESPONSE", 2], `${times}`);
      let [pages, page] = [1, await list.open()];
      const byHand = await failureOf(
        (async () => {
          while ((page = /** @type {Foreign} */ (await page.next()))) pages += 1;
        })(),
      );
      assert.deepEqual([byHand.code, pages], ["INVALID_RESPONSE", 2], `by hand: ${times}`);
    }
  });

  test("before: times that go on within a millisecond, or in another zone, are no circle", async () => {
    const times = [
      "2026-01-01T00:00:00.123900Z",
      "2026-01-01T00:00:00.123400Z",
      "2026-01-01T01:00:00.123100+01:00",
      "2025-12-31T00:00:00Z",
    ];
    const list = listOf(
      (/** @type {number} */ n) => ({ data: [{ id: `m${n}`, receivedAt: times[n] }], hasMore: n < 3 }),
      messages,
    );
    assert.equal((await list.open().toArray()).length, 4);
  });

  test("more items than the list says that it has", async () => {
    for (const total of [0, 5, "5"]) {
      const list = listOf((/** @type {number} */ _, /** @type {Foreign} */ query) =>
        more(itemsOf(3, Number(query.get("offset") ?? 0)), { total }),
      );
      const { items, error } = await read(list);
      assert.equal(error.code, "INVALID_RESPONSE");
      assert.ok(items.length <= 6 && list.seen.requests <= 2, `${items.length} items, ${list.seen.requests} requests`);
    }
    const growing = listOf((/** @type {number} */ n, /** @type {Foreign} */ query) => ({
      data: itemsOf(3, Number(query.get("offset") ?? 0)),
      hasMore: n < 5,
      total: 3 * n + 6,
    }));
    assert.equal((await growing.open().toArray()).length, 18, "a list that grows says so");
  });
});

describe("lists that only move", { concurrency: true }, () => {
  test("one that grows by many pages at once while it is read is read to its end, each item once", async () => {
    for (const grown of [3, 4, 10, 30]) {
      let all = itemsOf(12);
      const list = listOf((/** @type {number} */ n, /** @type {Foreign} */ query) => {
        if (n === 10) all = [...itemsOf(grown, 100), ...all];
        const offset = Number(query.get("offset") ?? 0);
        return { data: all.slice(offset, offset + 1), hasMore: offset + 1 < all.length, total: all.length };
      });
      const items = await list.open().toArray();
      assert.equal(
        ids(items.filter((/** @type {Foreign} */ { id }) => id.length < 4)),
        ids(itemsOf(12)),
        `${grown} more`,
      );
      assert.equal(new Set(items.map((/** @type {Foreign} */ { id }) => id)).size, items.length);
    }
  });

  test("an id that is a number, a text of its digits, or very long, is not taken for another", async () => {
    const long = "x".repeat(5_000);
    const all = [{ id: 1 }, { id: "1" }, { id: `${long}a` }, { id: `${long}b` }, { id: "#1" }];
    const list = listOf((/** @type {number} */ n) => ({
      data: n === 5 ? [{ id: `${long}a` }] : [all[n]],
      hasMore: n < 5,
    }));
    assert.deepEqual(await list.open().toArray(), all);
  });
});
