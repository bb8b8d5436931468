// `inbox` of the toolkit. The hazards: a delivery that two machines work on, one that is lost with a machine, and answers in a
// conversation that overtake each other. Several machines are several inboxes on one store, which is slow and fails.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import FakeTimers from "@sinonjs/fake-timers";
import { AgentPhone, webhooks } from "agentphone-wasm";
import { memoryLedger } from "agentphone-wasm/ledger";
import { createSandbox } from "agentphone-wasm/sandbox";
import { inbox } from "agentphone-wasm/toolkit";
import { choices, seeded } from "../fuzz/chance.mjs";
import { KEY, sleep } from "../support/client.mjs";

/** @import { Foreign } from "../support/foreign.js" */

/**
 * A store in memory. `before` is awaited before each step and may throw: nothing is done then; `behind` likewise, when it is done.
 * @param {{ before?: () => unknown, behind?: () => unknown }} [trouble]
 */
const storeOf = ({ before = () => {}, behind = () => {} } = {}) => {
  /** @type {Map<string, Foreign>} */
  const entries = new Map();
  const step = async (/** @type {() => Foreign} */ act) => {
    await before();
    const result = act();
    await behind();
    return structuredClone(result);
  };
  const open = () =>
    [...entries.values()].filter((entry) => entry.open).sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
  return {
    entries,
    read: (/** @type {string[]} */ keys) => step(() => keys.map((key) => entries.get(key))),
    write: (/** @type {Foreign[]} */ changes) =>
      step(() => {
        assert.equal(new Set(changes.map(({ key }) => key)).size, changes.length);
        for (const { key, was } of changes) if ((entries.get(key)?.stamp ?? null) !== was) return false;
        for (const { key, entry } of changes) {
          assert.ok(key.length <= 512);
          if (entry) entries.set(key, { key, ...JSON.parse(JSON.stringify(entry)) });
          else entries.delete(key);
        }
        return true;
      }),
    open: (/** @type {Foreign} */ { limit, after: place }) =>
      step(() =>
        open()
          .filter(({ at, key }) => !place || at > place.at || (at === place.at && key > place.key))
          .slice(0, limit),
      ),
    prune: async () => 0,
  };
};

let count = 0;
/** A text as `webhooks.verify` gives it. */
const text = (/** @type {Foreign} */ { conversation = "c1", at = (count += 1), name = `m${count}`, ...rest } = {}) =>
  /** @type {Foreign} */ ({
    event: "agent.message",
    channel: "sms",
    timestamp: new Date(1_800_000_000_000 + at * 1000).toISOString(),
    data: {
      messageId: name,
      conversationId: conversation,
      message: name,
      receivedAt: new Date(1_800_000_000_000 + at * 1000).toISOString(),
    },
    recentHistory: [],
    delivery: { id: `del_${name}`, timestamp: 1, fingerprint: `print-${name}-${(count += 1)}` },
    ...rest,
  });
/** The same delivery once more: a later time, so another signature. */
const again = (/** @type {Foreign} */ event) => ({
  ...event,
  delivery: { ...event.delivery, fingerprint: `${event.delivery.fingerprint}-${(count += 1)}` },
});
const nameOf = (/** @type {Foreign} */ event) => event.data.messageId;
const silent = { onError: () => {} };

describe("one machine", () => {
  test("a delivery is worked on once, whatever comes again", async () => {
    const store = storeOf();
    const box = inbox({ store });
    const event = text();
    /** @type {Foreign[]} */
    const worked = [];
    const handler = (/** @type {Foreign} */ given) => (worked.push(given), `result of ${nameOf(given)}`);
    assert.deepEqual(await box.handle(event, handler), { status: "handled", result: `result of ${nameOf(event)}` });
    assert.deepEqual(worked, [event]);
    assert.deepEqual(await box.handle(event, handler), { status: "duplicate" });
    assert.deepEqual(await box.handle(again(event), handler), { status: "duplicate" });
    const replay = { ...event, delivery: { ...event.delivery, id: "del_other" } };
    assert.deepEqual(await box.handle(replay, handler), { status: "duplicate" });
    assert.equal(worked.length, 1);
    assert.deepEqual(
      [...store.entries.values()].filter(({ open }) => open),
      [],
    );
  });

  test("one that failed is worked on when it comes again, and its error is the caller's", async () => {
    const box = inbox({ store: storeOf(), ...silent });
    const event = text();
    /** @type {number[]} */
    const attempts = [];
    const handler = (/** @type {Foreign} */ _, /** @type {Foreign} */ { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error(`attempt ${attempt}`);
    };
    await assert.rejects(box.handle(event, handler), /attempt 1/);
    await assert.rejects(box.handle(again(event), handler), /attempt 2/);
    assert.equal((await box.handle(again(event), handler)).status, "handled");
    assert.equal((await box.handle(again(event), handler)).status, "duplicate");
    assert.deepEqual(attempts, [1, 2, 3]);
  });

  test("what came while another was worked on follows in the order of its time", async () => {
    const box = inbox({ store: storeOf() });
    /** @type {string[]} */
    const worked = [];
    /** @type {() => void} */
    let goOn = () => {};
    const going = new Promise((resolve) => (goOn = () => resolve(undefined)));
    const handler = async (/** @type {Foreign} */ event) => {
      if (nameOf(event) === "first") await going;
      worked.push(nameOf(event));
    };
    const first = box.handle(text({ conversation: "o", name: "first", at: 5 }), handler);
    await sleep(1);
    for (const [name, at] of /** @type {const} */ ([
      ["fourth", 9],
      ["second", 7],
      ["third", 8],
      ["late", 1],
    ]))
      assert.deepEqual(await box.handle(text({ conversation: "o", name, at }), handler), { status: "queued" });
    assert.equal((await box.handle(text({ conversation: "other", name: "elsewhere" }), handler)).status, "handled");
    goOn();
    assert.equal((await first).status, "handled");
    assert.deepEqual(worked, ["elsewhere", "first", "late", "second", "third", "fourth"]);
  });

  test("nothing overtakes one that failed, until it is given up", async () => {
    /** @type {Foreign[]} */
    const errors = [];
    const box = inbox({ store: storeOf(), attempts: 3, onError: (error) => errors.push(error) });
    /** @type {string[]} */
    const worked = [];
    const handler = (/** @type {Foreign} */ event) => {
      if (nameOf(event) === "poison") throw new Error("poison");
      worked.push(nameOf(event));
    };
    const poison = text({ conversation: "p", name: "poison" });
    await assert.rejects(box.handle(poison, handler), /poison/);
    assert.deepEqual(await box.handle(text({ conversation: "p", name: "next" }), handler), { status: "queued" });
    assert.deepEqual(worked, []);
    assert.equal(errors.length, 1);
    assert.deepEqual(await box.resume(handler), { handled: 0, failed: 1 });
    assert.deepEqual(await box.resume(handler), { handled: 1, failed: 0 });
    assert.deepEqual(worked, ["next"]);
    assert.deepEqual(await box.handle(again(poison), handler), { status: "duplicate" });
  });

  test("the end of a call, which the API tells once, is not lost with its handler", async () => {
    const box = inbox({ store: storeOf(), ...silent });
    const ended = text({
      event: "agent.call_ended",
      channel: "voice",
      data: { callId: "call_9", endedAt: "2026-11-29T00:00:00Z" },
    });
    await assert.rejects(
      box.handle(ended, () => {
        throw new Error("the database is away");
      }),
      /away/,
    );
    /** @type {Foreign[]} */
    const worked = [];
    assert.deepEqual(await box.resume((event) => worked.push(event)), { handled: 1, failed: 0 });
    assert.deepEqual(worked, [ended]);
    assert.deepEqual(await box.resume(() => assert.fail()), { handled: 0, failed: 0 });
  });

  test("a caller's turn waits for no other one, and is not kept", async () => {
    const store = storeOf();
    const box = inbox({ store });
    const turn = (/** @type {string} */ transcript) =>
      text({ channel: "voice", data: { callId: "call_1", transcript }, name: `t-${transcript}` });
    /** @type {() => void} */
    let goOn = () => {};
    const going = new Promise((resolve) => (goOn = () => resolve(undefined)));
    const slow = box.handle(turn("one"), () => going);
    await sleep(1);
    assert.deepEqual(await box.handle(turn("two"), () => "quick"), { status: "handled", result: "quick" });
    goOn();
    await slow;
    await assert.rejects(
      box.handle(turn("three"), () => {
        throw new Error("no");
      }),
    );
    assert.deepEqual(await box.resume(() => assert.fail()), { handled: 0, failed: 0 });
  });

  test("ids that fit no key, and other entries of the store", async () => {
    const store = storeOf();
    store.entries.set("intent", { key: "intent", stamp: "s", open: true, at: 1, value: { foreign: true } });
    const box = inbox({ store });
    for (const id of ["x".repeat(5000), "\u0000", "\ud800", "a b", null]) {
      const event = text({
        delivery: { id, timestamp: 1, fingerprint: `print-${(count += 1)}` },
        data: { conversationId: id, message: "x" },
      });
      assert.equal((await box.handle(event, () => {})).status, "handled");
      assert.equal((await box.handle(event, () => {})).status, "duplicate");
    }
    assert.deepEqual(await box.resume(() => assert.fail()), { handled: 0, failed: 0 });
    assert.ok(store.entries.has("intent"));
  });

  test("wrong arguments are named", async () => {
    for (const [options, words] of /** @type {[Foreign, RegExp][]} */ ([
      [undefined, /options must be an object/],
      [{}, /store must be a ledger/],
      [{ store: { read() {} } }, /store must be a ledger/],
      [{ store: storeOf(), lease: 1 }, /lease must be/],
      [{ store: storeOf(), attempts: 0 }, /attempts must be/],
      [{ store: storeOf(), onError: 1 }, /onError must be/],
      [{ store: storeOf(), ttl: 1 }, /there is no option ttl/],
    ]))
      assert.throws(
        () => inbox(options),
        (/** @type {Foreign} */ error) => {
          assert.equal(error.code, "INVALID_ARGUMENT");
          assert.match(error.message, words);
          return true;
        },
      );
    const box = inbox({ store: storeOf() });
    const hostile = new Proxy({}, { get: () => assert.fail("no") });
    for (const event of [undefined, {}, "del_1", { delivery: {} }, hostile, { ...text(), extra: 1n }])
      await assert.rejects(
        box.handle(/** @type {Foreign} */ (event), () => {}),
        { code: "INVALID_ARGUMENT" },
      );
    await assert.rejects(box.handle(text(), /** @type {Foreign} */ (undefined)), /handler must be a function/);
    await assert.rejects(box.resume(/** @type {Foreign} */ (undefined)), /handler must be a function/);
  });
});

describe("several machines", { timeout: 120_000 }, () => {
  const CONVERSATIONS = 5;

  for (const [what, trouble] of /** @type {[string, (random: () => number) => Foreign][]} */ ([
    ["the ledger in memory", () => undefined],
    ["a slow store", (random) => ({ before: () => sleep(random() * 3), behind: () => sleep(random() * 3) })],
    [
      "a store that fails before and behind what it does",
      (random) => {
        const some = () => {
          if (random() < 0.1) throw new Error("the store is away");
        };
        return { before: some, behind: some };
      },
    ],
  ]))
    test(`${what}: each delivery is worked on once, by one machine at a time in a conversation`, async () => {
      for (let seed = 1; seed <= 3; seed += 1) {
        const random = seeded(seed);
        const { pick, chance } = choices(random);
        const how = trouble(random);
        const store = how ? storeOf(how) : memoryLedger();
        const machines = Array.from({ length: 6 }, () => inbox({ store, attempts: 1000, ...silent }));
        const events = Array.from({ length: 40 }, (_, at) =>
          text({ conversation: `c${at % CONVERSATIONS}`, name: `s${seed}-${at}`, at }),
        );
        /** @type {Map<string, number>} */
        const done = new Map();
        const busy = new Set();
        const handler = async (/** @type {Foreign} */ event) => {
          const { conversationId } = event.data;
          assert.ok(!busy.has(conversationId), "two handlers in one conversation");
          busy.add(conversationId);
          await sleep(random());
          busy.delete(conversationId);
          if (chance(0.2)) throw new Error("the handler failed");
          done.set(nameOf(event), (done.get(nameOf(event)) ?? 0) + 1);
        };
        const deliveries = events.flatMap((event) => [event, again(event), again(event)]).sort(() => random() - 0.5);
        await Promise.all(
          deliveries.map(async (event) => {
            await sleep(random() * 40);
            // As the API does: until there is an answer that is no error.
            for (let status; status === undefined; )
              status = await pick(machines)
                .handle(again(event), handler)
                .then(
                  (outcome) => outcome.status,
                  () => undefined,
                );
          }),
        );
        /** What the store still has to do; a store that fails has more. */
        const waiting = async () => (await store.open({ limit: 1 }).catch(() => [undefined])).length > 0;
        for (let left = 1000; left > 0 && (await waiting()); left -= 1)
          await pick(machines)
            .resume(handler)
            .catch(() => {});
        assert.deepEqual(
          [...done.values()].filter((times) => times !== 1),
          [],
        );
        assert.equal(done.size, events.length);
      }
    });

  test("what a machine leaves that dies is taken up when its time is over, in order, and its handler is told", async () => {
    let dead = false;
    const store = storeOf();
    const dying = {
      ...store,
      read: async (/** @type {string[]} */ keys) => (dead ? Promise.reject(new Error("no network")) : store.read(keys)),
    };
    const [one, two] = [inbox({ store: dying, lease: 600, ...silent }), inbox({ store, lease: 600 })];
    /** @type {string[]} */
    const worked = [];
    /** @type {AbortSignal | undefined} */
    let signal;
    const hangs = one.handle(text({ conversation: "d", name: "held" }), (_, given) => {
      signal = given.signal;
      return new Promise((resolve) => given.signal.addEventListener("abort", resolve));
    });
    while (!signal) await sleep(1);
    dead = true;
    const handler = (/** @type {Foreign} */ event) => worked.push(nameOf(event));
    assert.deepEqual(await two.handle(text({ conversation: "d", name: "behind" }), handler), { status: "queued" });
    while (worked.length < 2) {
      await sleep(10);
      await two.resume(handler);
    }
    assert.deepEqual(worked, ["held", "behind"]);
    assert.equal(signal.aborted, false);
    dead = false;
    // Back in the network it learns that the delivery is no longer its own.
    await hangs;
    assert.ok(signal.aborted);
    assert.equal(store.entries.get("inbox:c:conversation:d"), undefined);
  });

  test("a delivery on which every machine dies stops its conversation no longer than its attempts, and a caller's turn is not tried again", async () => {
    const store = storeOf();
    /** @type {string[]} */
    const worked = [];
    /** @type {Foreign[]} */
    const given = [];
    const options = { lease: 100, attempts: 3, onError: (/** @type {Foreign} */ error) => given.push(error.code) };
    let dead = true;
    /** @type {Promise<unknown>[]} */
    const ends = [];
    /** A machine that dies in its handler, and comes back when the test is over. */
    const machine = () => {
      let dies = false;
      const read = async (/** @type {string[]} */ keys) =>
        dies && dead ? Promise.reject(new Error("no network")) : store.read(keys);
      const box = inbox({ ...options, store: { ...store, read } });
      const handler = (/** @type {Foreign} */ event, /** @type {Foreign} */ { signal, attempt }) => {
        worked.push(`${event.data.messageId ?? "turn"} ${attempt}`);
        if (/behind/.test(event.data.messageId)) return undefined;
        dies = true;
        return new Promise((resolve) => signal.addEventListener("abort", resolve));
      };
      return { box, handler };
    };
    const handle = (/** @type {Foreign} */ event) => {
      const { box, handler } = machine();
      ends.push(box.handle(event, handler));
    };
    handle(text({ conversation: "p", name: "poison" }));
    const turn = text({ name: "t" });
    handle({ ...turn, channel: "voice", data: { callId: "call_1", transcript: "Hello?" } });
    handle(text({ conversation: "p", name: "behind" }));
    while (worked.length < 2) await sleep(1);
    const isOpen = () => [...store.entries.values()].some(({ open }) => open);
    for (let left = 500; left > 0 && isOpen(); left -= 1) {
      await sleep(10);
      const { box, handler } = machine();
      ends.push(box.resume(handler));
    }
    assert.deepEqual(worked, ["poison 1", "turn 1", "poison 2", "poison 3", "behind 1"]);
    assert.deepEqual(given, ["TIMEOUT", "TIMEOUT"]);
    dead = false;
    await Promise.all(ends);
  });

  test("a handler that takes longer than its lease keeps it", async () => {
    const clock = FakeTimers.install({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
    try {
      const store = storeOf();
      const [one, two] = [inbox({ store }), inbox({ store })];
      /** @type {AbortSignal | undefined} */
      let held;
      const slow = one.handle(text({ conversation: "l", name: "slow" }), async (_, { signal }) => {
        held = signal;
        await sleep(600_000);
      });
      for (let left = 590; left > 0; left -= 1) {
        await clock.tickAsync(1000);
        assert.deepEqual(await two.resume(() => assert.fail()), { handled: 0, failed: 0 });
      }
      assert.equal(held?.aborted, false);
      await clock.tickAsync(20_000);
      assert.equal((await slow).status, "handled");
      assert.equal(clock.countTimers(), 0);
    } finally {
      clock.uninstall();
    }
  });
});

test("what the sandbox sends, each of it twice, to two machines", { timeout: 60_000 }, async (t) => {
  let secret = "";
  const store = memoryLedger();
  const machines = [inbox({ store }), inbox({ store })];
  /** @type {string[]} */
  const worked = [];
  /** @type {Promise<unknown>[]} */
  const handled = [];
  let turns = 0;
  const queued = async () => /** @type {Foreign} */ ((await store.open({ limit: 1 }))[0]?.value)?.queue.length;
  const sandbox = createSandbox({
    limits: false,
    queuedMs: 1,
    ringingMs: 1,
    talkingMs: 50,
    onWebhook: async (request) => {
      const body = await request.text();
      const event = webhooks.verify({ body, headers: request.headers, secret });
      const box = /** @type {Foreign} */ (machines[(turns += 1) % 2]);
      const done = box.handle(event, async (/** @type {Foreign} */ given) => {
        // Until the others of the conversation are there: nobody can know of what has not come yet.
        for (let left = 2000; left > 0 && given.data.message === "one" && (await queued()) < 3; left -= 1)
          await sleep(2);
        worked.push(`${given.event} ${given.data.message ?? given.data.transcript}`);
        return { text: "Sure." };
      });
      handled.push(done);
      const { result } = await done;
      return Response.json(result ?? {});
    },
  });
  t.after(() => sandbox.close());
  const client = new AgentPhone({ apiKey: KEY, fetch: sandbox.fetch, baseUrl: sandbox.url, logLevel: "off" });
  const agent = await client.agents.create({ name: "Ada" });
  await client.numbers.buy({ agentId: agent.id });
  ({ secret } = await client.webhooks.set({ url: "https://example.com/hook" }));
  sandbox.faults.add({ duplicate: true });
  for (const body of ["one", "two", "three"]) {
    sandbox.inbound.message({ body });
    await sleep(2);
  }
  const { id } = await client.calls.create({ agentId: agent.id, toNumber: "+15005550008" });
  await client.calls.wait(id);
  for (let left = 2000; left > 0 && !worked.some((one) => one.startsWith("agent.call_ended")); left -= 1)
    await sleep(2);
  await Promise.all(handled);
  assert.deepEqual(
    worked.filter((one) => / (one|two|three)$/.test(one)),
    ["one", "two", "three"].map((body) => `agent.message ${body}`),
  );
  assert.equal(new Set(worked).size, worked.length, worked.join("\n"));
  assert.equal(sandbox.deliveries.length, 2 * worked.length);
});
