// Items that are deleted while their list is read by offset, by the reader or by others: what has moved up is not
// passed over.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createSandbox } from "agentphone-wasm/sandbox";
import { clientOf, failureOf, sleep } from "../support/client.mjs";
import { hostileServer } from "../support/hostile-server.mjs";
import { ids, itemsOf, listing, SHAPES } from "../support/lists.mjs";

/** @import { Foreign } from "../support/foreign.js" */

const OFFSET = Object.keys(SHAPES).filter((shape) => shape !== "before a time");

describe("deleted by the reader", { concurrency: true }, () => {
  for (const shape of OFFSET) {
    for (const [count, limit] of [
      [1, 1],
      [5, 1],
      [7, 2],
      [20, 5],
      [23, 5],
      [65, 20],
      [240, 20],
    ]) {
      test(`${shape}: all of ${count}, by ${limit}`, async (t) => {
        let all = itemsOf(count);
        const server = await hostileServer(
          t,
          listing(shape, () => all, { limit }),
        );
        const deleted = [];
        for await (const { id } of SHAPES[shape].list(clientOf(server), { limit })) {
          // By turns before the page ahead is asked for, and while it is under way.
          if (deleted.length % 3 === 0) await sleep(1);
          all = all.filter((item) => item.id !== id);
          deleted.push(id);
        }
        assert.deepEqual([all, new Set(deleted).size], [[], count]);
      });
    }
  }

  test("page by page, and with next()", async (t) => {
    for (const walk of ["pages", "next"]) {
      let all = itemsOf(65);
      const server = await hostileServer(
        t,
        listing(OFFSET[0], () => all, { limit: 20 }),
      );
      const drop = (/** @type {import("agentphone-wasm").Page<import("agentphone-wasm").Contact>} */ page) => {
        const gone = new Set(page.data.map(({ id }) => id));
        all = all.filter(({ id }) => !gone.has(id));
      };
      const list = clientOf(server).contacts.list();
      if (walk === "pages") for await (const page of list.pages()) drop(page);
      else for (let page = await list; page; page = /** @type {Foreign} */ (await page.next())) drop(page);
      assert.deepEqual(all, [], walk);
    }
  });

  test("every second one, in the sandbox", async (t) => {
    const sandbox = createSandbox({ clock: "manual", limits: false });
    t.after(() => sandbox.close());
    const client = clientOf("http://sandbox", { fetch: sandbox.fetch });
    for (let n = 0; n < 45; n += 1)
      await client.contacts.create({ phoneNumber: `+1415555${1_000 + n}`, name: `c${n}` });
    const seen = [];
    for await (const contact of client.contacts.list({ limit: 10 })) {
      seen.push(contact.id);
      if (seen.length % 2) await client.contacts.delete(contact.id);
    }
    assert.deepEqual([seen.length, new Set(seen).size, (await client.contacts.list()).total], [45, 45, 22]);
  });
});

describe("deleted by others", { concurrency: true }, () => {
  test("items in front of the reader: what stays is given, each once, also from an offset on", async (t) => {
    for (const offset of [0, 4]) {
      for (const gone of [1, 3, 6, 8]) {
        let all = itemsOf(20);
        const server = await hostileServer(t, (request) => {
          if (request.number === 3) all = all.slice(gone);
          return listing(OFFSET[0], () => all, { limit: 3 })(request);
        });
        const items = await clientOf(server).contacts.list({ offset }).toArray();
        const stays = ids(all.filter(({ id }) => Number(id.slice(1)) >= Math.max(offset, gone)));
        const given = ids(
          items
            .filter(({ id }) => Number(id.slice(1)) >= gone)
            .sort((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1))),
        );
        assert.ok(given.endsWith(stays), `from ${offset}, ${gone} gone: ${given}`);
        assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
      }
    }
  });

  test("all that follows: the list ends", async (t) => {
    let all = itemsOf(12);
    const server = await hostileServer(t, (request) => {
      if (request.number === 2) all = all.slice(0, 3);
      return listing(OFFSET[0], () => all)(request);
    });
    assert.equal(ids(await clientOf(server).contacts.list().toArray()), "i0 i1 i2");
    assert.ok(server.count() <= 4);
  });
});

test("a total that goes up and down is not followed for ever", async () => {
  let requests = 0;
  const fetch = async () => {
    requests += 1;
    if (requests > 5_000) throw new Error("it does not end");
    return {
      status: 200,
      text: async () =>
        JSON.stringify({ data: itemsOf(2, 2 * (requests % 4)), hasMore: true, total: requests % 2 ? 900 : 800 }),
    };
  };
  const error = await failureOf(
    clientOf("http://127.0.0.1:9", { fetch: /** @type {Foreign} */ (fetch) })
      .contacts.list()
      .toArray(),
  );
  assert.equal(error.code, "INVALID_RESPONSE");
  assert.ok(requests < 30, `${requests} requests`);
});
