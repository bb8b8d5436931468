// Campaigns over HTTP: what a viewer reads and does, and what a request cannot do.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { campaignHandler, runWorker, StoreError, start } from "agentphone-wasm-cli/campaign";
import { numberAt, peopleOf, worldOf } from "./campaign-world.mjs";

/** @import { CampaignStore } from "agentphone-wasm-cli/campaign" */
/** @import { Foreign } from "../../tests/support/foreign.js" */

const LIMIT = { timeout: 120_000 };
const BUSY = "+15005550001";

/** Requests to a handler. @param {(request: Request) => Promise<Response>} handle */
const asking = (handle) => {
  const ask = async (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => {
    const response = await handle(new Request(`http://localhost/campaigns${path}`, init));
    /** @type {Foreign} */
    const body = await response.json();
    return { status: response.status, body, headers: response.headers };
  };
  const post = (/** @type {string} */ path, /** @type {unknown} */ body = {}) =>
    ask(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return { ask, post };
};

describe("a campaign that has run", LIMIT, () => {
  /** @type {Awaited<ReturnType<typeof worldOf>>} */
  let world;
  /** @type {ReturnType<typeof asking>} */
  let face;
  before(async () => {
    world = await worldOf();
    for (const at of [3, 7])
      world.sandbox.faults.add({
        match: { operation: "calls.create", toNumber: numberAt(at) },
        cut: "before-headers",
        unlisted: true,
      });
    await world.plan({ people: [...peopleOf(30), { phone: numberAt(0), name: "Again" }], longestCall: 60 });
    await start(world.store, "c1", world.clock.now());
    await runWorker("c1", world);
    face = asking(campaignHandler({ store: world.store, flags: "--store x.db", now: world.clock.now }));
  });
  after(() => world?.close());

  test("is listed with its progress, and the options by which commands reach its store", async () => {
    const { status, body, headers } = await face.ask("");
    assert.equal(status, 200);
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(body.flags, "--store x.db");
    const [campaign] = body.data;
    assert.deepEqual(
      [campaign.id, campaign.state, campaign.people, campaign.finished, campaign.counts.doubt],
      ["c1", "done", 30, 28, 2],
    );
    assert.equal((await face.ask("/c1")).body.plan.people, 30);
  });

  test("its people come with those in doubt first, each once over all pages", async () => {
    const seen = [];
    let from = "";
    do {
      const { body } = await face.ask(`/c1/people?limit=7${from}`);
      assert.ok(body.data.length <= 7);
      seen.push(...body.data);
      from = body.next === null ? "" : `&from=${body.next}`;
    } while (from !== "");
    assert.deepEqual(
      seen.slice(0, 3).map(({ state }) => state),
      ["doubt", "doubt", "answered"],
    );
    assert.equal(new Set(seen.map(({ seq }) => seq)).size, 30);
    assert.equal(seen.length, 30);
    assert.ok(
      seen.every((person) => !("token" in person)),
      "a worker's token is not shown",
    );
  });

  test("a filter shows only what it names", async () => {
    const { body } = await face.ask("/c1/people?state=doubt");
    assert.deepEqual(
      body.data.map((/** @type {Foreign} */ { recipient }) => recipient),
      [numberAt(3), numberAt(7)],
    );
    assert.equal(body.next, null);
    const { body: none } = await face.ask("/c1/people?state=busy,no-answer");
    assert.deepEqual(none, { data: [], next: null });
  });

  test("reasons are counted", async () => {
    const { body } = await face.ask("/c1/reasons");
    assert.equal(body.isComplete, true);
    assert.deepEqual(
      body.data.map((/** @type {Foreign} */ { state, people }) => [state, people]),
      [["doubt", 2]],
    );
  });

  test("both reports are files", async () => {
    const handle = campaignHandler({ store: world.store });
    const csv = await handle(new Request("http://localhost/campaigns/c1/report?format=csv"));
    assert.equal(csv.headers.get("content-disposition"), 'attachment; filename="c1.csv"');
    assert.equal((await csv.text()).trim().split("\r\n").length, 31);
    const html = await handle(new Request("http://localhost/campaigns/c1/report?format=html"));
    assert.doesNotMatch(await html.text(), /\+1415|Person 1/);
  });

  test("a report that is left half-way stops reading the store, and one whose store fails is not taken for whole", async () => {
    let reads = 0;
    const page = await world.store.people("c1", { limit: 30 });
    /** @param {number} most */
    const endless = (most) => ({
      ...world.store,
      people: async (/** @type {string} */ _id, /** @type {{ after?: number }} */ { after: from = 0 }) => {
        reads += 1;
        if (reads > most) throw new StoreError("STORE_UNAVAILABLE", "gone");
        return page.map((person) => ({ ...person, seq: from + person.seq }));
      },
    });
    /** Ends the counting of columns, which comes first. */
    const finite = (/** @type {CampaignStore} */ store) => ({
      ...store,
      people: async (/** @type {string} */ id, /** @type {Foreign} */ asked) => {
        if (reads === 5) {
          reads += 1;
          return [];
        }
        return store.people(id, asked);
      },
    });
    const left = await campaignHandler({ store: finite(endless(100_000)) })(
      new Request("http://localhost/campaigns/c1/report"),
    );
    await left.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(reads < 5_000, `${reads} reads`);
    reads = 0;
    const broken = await campaignHandler({ store: finite(endless(2_000)) })(
      new Request("http://localhost/campaigns/c1/report"),
    );
    await assert.rejects(broken.text());
  });

  test("an invalid request gets an error that says why, and a handler never rejects", async () => {
    for (const [path, status, code] of /** @type {const} */ ([
      ["/nobody", 404, "NO_CAMPAIGN"],
      ["/c1/nothing", 404, "NOT_FOUND"],
      ["/c1/people/more", 404, "NOT_FOUND"],
      ["/%2e%2e%2fc1", 404, "NOT_FOUND"],
      ["/c1%00", 404, "NOT_FOUND"],
      [`/${"a".repeat(65)}`, 404, "NOT_FOUND"],
      ["/c1/start", 405, "METHOD_NOT_ALLOWED"],
      ["/c1/people?state=dead", 400, "INVALID_ARGUMENT"],
      ["/c1/people?limit=0", 400, "INVALID_ARGUMENT"],
      ["/c1/people?limit=501", 400, "INVALID_ARGUMENT"],
      ["/c1/people?limit=1e2", 400, "INVALID_ARGUMENT"],
      ["/c1/people?from=2.0", 400, "INVALID_ARGUMENT"],
      ["/c1/people?from=0.1%20OR%201", 400, "INVALID_ARGUMENT"],
      ["/c1/report?format=pdf", 400, "INVALID_ARGUMENT"],
    ])) {
      const { status: got, body } = await face.ask(path);
      assert.deepEqual([got, body.code], [status, code], path);
    }
    assert.equal((await face.ask("/c1", { method: "DELETE" })).headers.get("allow"), "GET");
    const outside = await campaignHandler({ store: world.store })(new Request("http://localhost/campaignsX"));
    assert.equal(outside.status, 404);
  });

  test("a body that is no JSON object is refused, and so is a form, which any page can send", async () => {
    const type = { "content-type": "application/json" };
    for (const [init, status] of /** @type {[RequestInit, number][]} */ ([
      [{ method: "POST", body: "only=busy", headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
      [{ method: "POST", body: "{}", headers: { "content-type": "text/plain" } }, 415],
      [{ method: "POST" }, 415],
      [{ method: "POST", body: "{", headers: type }, 400],
      [{ method: "POST", body: "[]", headers: type }, 400],
      [{ method: "POST", body: "null", headers: type }, 400],
      [{ method: "POST", body: '{"only":"busy"}', headers: type }, 400],
      [{ method: "POST", body: '{"only":["doubt"]}', headers: type }, 400],
      [{ method: "POST", body: '{"createdAt":"1"}', headers: type }, 400],
      [{ method: "POST", body: JSON.stringify({ only: [], x: "x".repeat(20_000) }), headers: type }, 413],
    ])) {
      const { status: got } = await face.ask("/c1/retry", init);
      assert.equal(got, status, JSON.stringify(init));
    }
    assert.equal((await face.ask("/c1")).body.state, "done");
  });
});

test("start, pause, resume, stop and another round; what does not fit the state is refused", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: [...peopleOf(4), { phone: BUSY, name: "Busy" }] });
    const { ask, post } = asking(campaignHandler({ store: world.store, now: world.clock.now }));
    const { createdAt } = (await ask("/c1")).body;
    assert.equal((await post("/c1/pause")).body.code, "WRONG_STATE");
    const other = await post("/c1/start", { createdAt: createdAt - 1 });
    assert.deepEqual([other.status, other.body.code], [409, "ANOTHER_CAMPAIGN"]);
    assert.equal((await ask("/c1")).body.state, "planned");
    assert.equal((await post("/c1/start", { createdAt })).body.state, "running");
    // A second click changes nothing.
    assert.equal((await post("/c1/start", { createdAt })).body.state, "running");
    assert.deepEqual([(await post("/c1/pause")).body.state, (await ask("/c1")).body.reason], ["paused", "asked"]);
    assert.equal(world.placed().length, 0);
    assert.equal((await post("/c1/resume")).body.state, "running");
    await runWorker("c1", world);
    const ended = (await ask("/c1")).body;
    assert.equal(ended.state, "done");
    assert.equal((await post("/c1/stop")).status, 409);
    const reached = ["busy", "no-answer", "voicemail", "failed"].filter((state) => ended.counts[state] > 0);
    assert.ok(reached.length > 0, JSON.stringify(ended.counts));
    const again = await post("/c1/retry", { only: reached, createdAt });
    assert.deepEqual([again.body.retried, again.body.state], [1, "planned"]);
    const stopped = (await post("/c1/stop")).body;
    assert.deepEqual([stopped.state, stopped.counts.skipped], ["stopped", 1]);
  } finally {
    await world.close();
  }
});

test("an unavailable store is reported as such, and an unexpected error shows no details", async () => {
  const away = asking(
    campaignHandler({
      store: async () => {
        throw new StoreError("STORE_UNAVAILABLE", "PostgreSQL cannot be used");
      },
    }),
  );
  assert.deepEqual([(await away.ask("")).status, (await away.ask("/c1")).body.code], [503, "STORE_UNAVAILABLE"]);
  const broken = asking(
    campaignHandler({
      store: async () => {
        throw new Error("+14155550100 at postgres://user:secret@host");
      },
    }),
  );
  const { status, body } = await broken.ask("");
  assert.equal(status, 500);
  assert.doesNotMatch(JSON.stringify(body), /415|secret/);
  const none = asking(campaignHandler({ store: async () => undefined, flags: "--sandbox" }));
  assert.deepEqual((await none.ask("")).body, { flags: "--sandbox", data: [], total: 0 });
  assert.equal((await none.ask("/c1")).status, 404);
});

test("many viewers at once cost one count of the people, and a change is seen at once", LIMIT, async () => {
  const world = await worldOf();
  try {
    await world.plan({ people: peopleOf(5) });
    let counted = 0;
    /** @type {CampaignStore} */
    const store = {
      ...world.store,
      counts: async (id) => {
        counted += 1;
        return world.store.counts(id);
      },
    };
    const { ask, post } = asking(campaignHandler({ store }));
    await Promise.all(Array.from({ length: 50 }, (_, at) => ask(at % 2 ? "" : "/c1")));
    assert.equal(counted, 1);
    assert.equal((await post("/c1/stop")).body.counts.skipped, 5);
    assert.equal((await ask("/c1")).body.counts.skipped, 5);
  } finally {
    await world.close();
  }
});
