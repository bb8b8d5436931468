// What every ledger must do, as a list of cases: whoever writes one runs them too. Needs no test runner and no runtime.
//
//   import { cases } from "./conformance.mjs";
//   for (const { name, run } of cases) test(name, () => run(open));
//
// `open(namespace)` returns, or resolves with, a ledger on one and the same store; entries of two namespaces must not meet. Each case has a
// namespace of its own. Whether an entry survives the end of a server only the store's own tests can see.

/** @import { Ledger, LedgerEntry } from "agentphone-wasm" */
/** @typedef {(namespace: string) => Ledger | Promise<Ledger>} Open */
/** @typedef {{ name: string, run: (open: Open) => Promise<void> }} Case */

const same = (/** @type {unknown} */ actual, /** @type {unknown} */ expected, /** @type {string} */ what) => {
  const [left, right] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
};

let count = 0;
const unique = (/** @type {string} */ name) =>
  `${name}-${Date.now().toString(36)}-${(count += 1)}-${Math.random().toString(36).slice(2)}`;
const stamp = () => unique("s");

/** A recent time, because ledgers may forget what is old; more than a day ago, because younger entries need not be pruned. */
const NOON = new Date().setHours(12, 0, 0, 0) - 2 * 86_400_000;

/** @param {Partial<LedgerEntry>} [fields] */
const entry = (fields = {}) => ({ stamp: stamp(), open: false, at: NOON, value: {}, ...fields });

/** @param {Ledger} ledger @param {Record<string, Partial<LedgerEntry>>} entries */
const add = async (ledger, entries) => {
  const all = Object.entries(entries).map(([key, fields]) => ({ key, was: null, entry: entry(fields) }));
  // In pieces: a store may have a limit for one write.
  for (let at = 0; at < all.length; at += 100)
    same(await ledger.write(all.slice(at, at + 100)), true, "new keys are written");
};

const keys = (/** @type {LedgerEntry[]} */ entries) => entries.map(({ key }) => key);

/** All open entries, page by page. @param {Ledger} ledger @param {number} limit */
const pages = async (ledger, limit) => {
  /** @type {LedgerEntry[]} */
  const found = [];
  for (let turn = 0; turn < 10_000; turn += 1) {
    const last = found.at(-1);
    const page = await ledger.open({ limit, after: last && { at: last.at, key: last.key } });
    if (page.length > limit) throw new Error(`a page of ${limit} has ${page.length} entries`);
    if (page.length === 0) return found;
    found.push(...page);
  }
  throw new Error("the pages never end");
};

/** Keys that stores have been seen to mix up, cut or alter. */
export const KEYS = [
  " ",
  "a ",
  " a",
  "a",
  "A",
  "ä",
  "a\u0308",
  "'; DROP TABLE agentphone_ledger; --",
  '"',
  "\\",
  "\\0",
  "%",
  "_",
  "a\nb\tc\r",
  "{a}:b",
  "null",
  "__proto__",
  "[object Object]",
  "\u0001\u007F",
  "\uFFFD\uFEFF",
  "日本語",
  "👩🏽‍🚀",
  "\u{10FFFF}",
  "x".repeat(512),
  "語".repeat(512),
];

/** @type {unknown[]} */
const VALUES = [
  null,
  true,
  0,
  -1.5,
  1e300,
  5e-324,
  9007199254740991,
  "",
  "null",
  "a\0b",
  "\uD800",
  "'\"\\\n\u2028👩🏽‍🚀",
  [],
  {},
  [[[]], [null, { a: [] }]],
  { "": "", "a.b": 1, $set: 1, "\0": 2, toString: "x" },
  { list: Array.from({ length: 200 }, (_, at) => ({ at, text: "ä".repeat(50) })) },
];

/** @type {Case[]} */
export const cases = [
  {
    name: "an entry comes back as it was written, in the order of the keys asked for",
    run: async (open) => {
      const ledger = await open(unique("order"));
      const [one, two] = [entry({ value: { state: "sending" } }), entry({ open: true, at: NOON + 0.5 })];
      same(await ledger.read(["one"]), [undefined], "no entry yet");
      same(await ledger.write([{ key: "one", was: null, entry: one }]), true, "written");
      same(await ledger.write([{ key: "two", was: null, entry: two }]), true, "written");
      const found = await ledger.read(["two", "none", "one", "two"]);
      const { key, stamp, open: isOpen, at, value } = /** @type {LedgerEntry} */ (found[2]);
      same({ key, stamp, open: isOpen, at, value }, { key: "one", ...one }, "the fields");
      same(
        found.map((each) => each?.key ?? null),
        ["two", null, "one", "two"],
        "the order",
      );
      same([found[0]?.open, found[0]?.at], [true, NOON + 0.5], "open and at");
    },
  },
  {
    name: "an entry is replaced and deleted by its current stamp alone",
    run: async (open) => {
      const ledger = await open(unique("cas"));
      const [first, second] = [entry({ value: 1 }), entry({ value: 2 })];
      const write = (/** @type {string | null} */ was, /** @type {ReturnType<typeof entry> | null} */ next) =>
        ledger.write([{ key: "k", was, entry: next }]);
      same(await write("x", first), false, "replacing what is not there");
      same(await write("x", null), false, "deleting what is not there");
      same(await write(null, first), true, "adding");
      same(await write(null, second), false, "adding what is there");
      same(await write(second.stamp, second), false, "replacing by another stamp");
      same(await write(first.stamp.toUpperCase(), second), false, "replacing by a stamp in capitals");
      same(await write(second.stamp, null), false, "deleting by another stamp");
      same((await ledger.read(["k"]))[0]?.value, 1, "untouched");
      same(await write(first.stamp, second), true, "replacing");
      same(await write(first.stamp, entry()), false, "replacing by a stamp of the past");
      same((await ledger.read(["k"]))[0]?.value, 2, "replaced");
      same(await write(second.stamp, null), true, "deleting");
      same(await ledger.read(["k"]), [undefined], "deleted");
      same(await write(second.stamp, first), false, "replacing what was deleted");
      same(await write(null, first), true, "adding again");
    },
  },
  {
    name: "a change from nothing to nothing holds that there is no entry, and makes none",
    run: async (open) => {
      const ledger = await open(unique("nothing"));
      await add(ledger, { there: {} });
      same(await ledger.write([{ key: "absent", was: null, entry: null }]), true, "absent");
      same(await ledger.read(["absent"]), [undefined], "still absent");
      const change = { key: "other", was: null, entry: entry() };
      same(await ledger.write([change, { key: "there", was: null, entry: null }]), false, "there");
      same(await ledger.read(["other"]), [undefined], "nothing was written");
    },
  },
  {
    name: "several changes are made together or not at all, whichever of them does not fit",
    run: async (open) => {
      const ledger = await open(unique("atomic"));
      await add(ledger, { a: { stamp: "a1" }, b: { stamp: "b1" }, c: { stamp: "c1" } });
      const state = async () => (await ledger.read(["a", "b", "c", "d"])).map((each) => each?.stamp ?? null);
      const fits = [
        { key: "d", was: null, entry: entry({ stamp: "d1" }) },
        { key: "a", was: "a1", entry: entry({ stamp: "a2" }) },
        { key: "b", was: "b1", entry: null },
      ];
      const wrong = [
        { key: "c", was: null, entry: entry() },
        { key: "c", was: "c0", entry: entry() },
        { key: "c", was: "c0", entry: null },
        { key: "e", was: "e1", entry: null },
      ];
      for (const one of wrong) {
        for (let at = 0; at <= fits.length; at += 1) {
          const changes = [...fits.slice(0, at), one, ...fits.slice(at)];
          same(await ledger.write(changes), false, `the wrong one at ${at}`);
          same(await state(), ["a1", "b1", "c1", null], "nothing was written");
        }
      }
      same(await ledger.write(fits), true, "those that fit");
      same(await state(), ["a2", null, "c1", "d1"], "all were written");
    },
  },
  {
    name: "of 50 writers of one key exactly one wins, when it is new and when it is not",
    run: async (open) => {
      const namespace = unique("race");
      const ledgers = await Promise.all(Array.from({ length: 5 }, () => open(namespace)));
      for (const was of [null, "first"]) {
        const key = `from ${was}`;
        if (was !== null) await add(/** @type {Ledger} */ (ledgers[0]), { [key]: { stamp: was } });
        const writers = Array.from({ length: 50 }, (_, at) => entry({ value: at }));
        const won = await Promise.all(
          writers.map((next, at) => /** @type {Ledger} */ (ledgers[at % 5]).write([{ key, was, entry: next }])),
        );
        same(won.filter(Boolean).length, 1, "winners");
        const [found] = await /** @type {Ledger} */ (ledgers[0]).read([key]);
        same(found?.value, won.indexOf(true), "the winner's entry");
      }
    },
  },
  {
    name: "writers of several keys in any order lose no change and wait for nobody for ever",
    run: async (open) => {
      const namespace = unique("many");
      const ledgers = await Promise.all(Array.from({ length: 4 }, () => open(namespace)));
      const [first] = /** @type {[Ledger]} */ (/** @type {unknown} */ (ledgers));
      await add(first, { a: { value: 0 }, b: { value: 0 }, c: { value: 0 } });
      const worker = async (/** @type {Ledger} */ ledger, /** @type {number} */ number) => {
        const order = ["a", "b", "c", `own ${number}`];
        for (let done = 0, turn = number; done < 5; turn += 1) {
          const wanted = [...order.slice(turn % 4), ...order.slice(0, turn % 4)];
          const found = await ledger.read(wanted);
          const written = await ledger.write(
            wanted.map((key, at) => ({
              key,
              was: found[at]?.stamp ?? null,
              entry: entry({ value: Number(found[at]?.value ?? 0) + 1 }),
            })),
          );
          if (written) done += 1;
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, at) => worker(/** @type {Ledger} */ (ledgers[at % 4]), at)));
      same(
        (await first.read(["a", "b", "c", "own 0", "own 7"])).map((each) => each?.value),
        [40, 40, 40, 5, 5],
        "sums",
      );
    },
  },
  {
    name: "open entries are listed by at, page by page, each once",
    run: async (open) => {
      const ledger = await open(unique("open"));
      await add(ledger, {
        b: { open: true, at: NOON + 10, value: { n: 1 } },
        a: { open: true, at: NOON + 20 },
        settled: { at: NOON + 15 },
        c: { open: true, at: NOON + 5.25 },
      });
      same(keys(await ledger.open({ limit: 10 })), ["c", "b", "a"], "the order");
      same((await ledger.open({ limit: 10 }))[1]?.value, { n: 1 }, "the value");
      for (const limit of [1, 2, 3, 4]) same(keys(await pages(ledger, limit)), ["c", "b", "a"], `pages of ${limit}`);
      const after = (/** @type {number} */ at, /** @type {string} */ key) =>
        ledger.open({ limit: 9, after: { at, key } });
      same(keys(await after(NOON + 5.25, "c")), ["b", "a"], "behind an entry");
      same(keys(await after(NOON + 10, "a")), ["b", "a"], "before an entry of the same time");
      same(keys(await after(NOON + 12, "zzz")), ["a"], "behind a place without an entry");
      same(keys(await after(NOON + 20, "a")), [], "behind the last");
    },
  },
  {
    name: "entries of one time are listed each once in pages, whatever their keys, and in the same order",
    run: async (open) => {
      const ledger = await open(unique("ties"));
      await add(ledger, Object.fromEntries(KEYS.map((key) => [`k${key}`.slice(0, 512), { open: true }])));
      const whole = keys(await ledger.open({ limit: 100 }));
      same([...whole].sort(), KEYS.map((key) => `k${key}`.slice(0, 512)).sort(), "all of them");
      for (const limit of [1, 4, 7]) same(keys(await pages(ledger, limit)), whole, `pages of ${limit}`);
    },
  },
  {
    name: "an entry that is settled, moved or deleted is listed accordingly",
    run: async (open) => {
      const ledger = await open(unique("moves"));
      await add(ledger, { a: { stamp: "a", open: true }, b: { stamp: "b", open: true }, c: { stamp: "c" } });
      const changes = [
        { key: "a", was: "a", entry: entry({ stamp: "a2", open: false }) },
        { key: "b", was: "b", entry: entry({ stamp: "b2", open: true, at: NOON + 9 }) },
        { key: "c", was: "c", entry: entry({ stamp: "c2", open: true, at: NOON + 1 }) },
      ];
      same(await ledger.write(changes), true, "written");
      same(keys(await ledger.open({ limit: 9 })), ["c", "b"], "c is open now, b moved, a is settled");
      same(await ledger.write([{ key: "c", was: "c2", entry: null }]), true, "deleted");
      same(keys(await ledger.open({ limit: 9 })), ["b"], "c is deleted");
    },
  },
  {
    name: "prune deletes what is settled and older, and nothing else",
    run: async (open) => {
      const namespace = unique("prune");
      const ledger = await open(namespace);
      const other = await open(`${namespace}-other`);
      const old = { at: NOON - 1000 };
      await add(ledger, { a: old, b: { at: NOON }, c: { ...old, open: true }, d: old, e: { at: NOON - 999.5 } });
      await add(other, { a: old });
      same(await ledger.prune({ olderThan: NOON - 1000 }), 0, "not what is exactly as old");
      same(await ledger.prune({ olderThan: NOON - 999.75 }), 2, "a and d");
      same(
        keys((await ledger.read(["a", "b", "c", "d", "e"])).flatMap((each) => each ?? [])),
        ["b", "c", "e"],
        "the rest",
      );
      same(await ledger.prune({ olderThan: new Date(NOON) }), 1, "a date: e");
      same(await ledger.prune({ olderThan: NOON + 1 }), 1, "b");
      same(keys(await ledger.open({ limit: 9 })), ["c"], "what is open stays");
      same((await other.read(["a"])).length, 1, "the other namespace was left alone");
      same(await other.prune({ olderThan: NOON }), 1, "there it is still");
    },
  },
  {
    name: "prune deletes thousands",
    run: async (open) => {
      const ledger = await open(unique("thousands"));
      await add(ledger, Object.fromEntries(Array.from({ length: 2500 }, (_, at) => [`${at}`, { at: NOON + at }])));
      same(await ledger.prune({ olderThan: NOON + 2499 }), 2499, "all but the last");
      same(
        (await ledger.read(["2498", "2499"])).map((each) => each?.key ?? null),
        [null, "2499"],
        "the last",
      );
    },
  },
  {
    name: "unusual keys are kept apart and come back unchanged",
    run: async (open) => {
      const ledger = await open(unique("keys"));
      await add(ledger, Object.fromEntries([["other", {}]]));
      for (const [at, key] of KEYS.entries())
        same(
          await ledger.write([{ key, was: null, entry: entry({ stamp: `${at} ${key}`.slice(0, 512), value: at }) }]),
          true,
          key,
        );
      const found = await ledger.read(KEYS);
      same(
        found.map((each) => each?.key),
        KEYS,
        "the keys",
      );
      same(
        found.map((each) => each?.value),
        [...KEYS.keys()],
        "the values",
      );
      same(
        found.map((each) => each?.stamp),
        KEYS.map((key, at) => `${at} ${key}`.slice(0, 512)),
        "the stamps",
      );
      const changes = KEYS.map((key, at) => ({ key, was: `${at} ${key}`.slice(0, 512), entry: null }));
      same(await ledger.write(changes), true, "all deleted by their stamps");
      same(keys((await ledger.read(KEYS)).flatMap((each) => each ?? [])), [], "none is left");
    },
  },
  {
    name: "unusual values come back unchanged",
    run: async (open) => {
      const ledger = await open(unique("values"));
      for (const [at, value] of VALUES.entries()) {
        await add(ledger, { [`${at}`]: { value, open: true, at: NOON + at } });
        same((await ledger.read([`${at}`]))[0]?.value, value, `value ${at}`);
      }
      same(
        (await ledger.open({ limit: 100 })).map(({ value }) => value),
        VALUES,
        "the values of open",
      );
    },
  },
  {
    name: "what a caller does to a value, before or after, changes no entry",
    run: async (open) => {
      const ledger = await open(unique("alias"));
      const value = { list: [{ n: 1 }], name: "a" };
      const change = { key: "k", was: null, entry: entry({ open: true, value }) };
      const written = ledger.write([change]);
      value.list.push({ n: 2 });
      value.name = "b";
      await written;
      const spoil = async (/** @type {() => Promise<(LedgerEntry | undefined)[]>} */ get) => {
        const [found] = /** @type {any[]} */ (await get());
        for (const change of [
          () => (found.value.name = "c"),
          () => found.value.list.push(3),
          () => (found.open = false),
          () => (found.value.list[0].n = 4),
        ]) {
          try {
            change();
          } catch {
            // Frozen.
          }
        }
        const [again] = await get();
        same([again?.value, again?.open], [{ list: [{ n: 1 }], name: "a" }, true], "the entry");
      };
      await spoil(() => ledger.read(["k"]));
      await spoil(() => ledger.open({ limit: 1 }));
    },
  },
  {
    name: "namespaces do not see each other",
    run: async (open) => {
      const base = unique("ns");
      const names = [base, `${base}}`, `${base}:`, `${base} `, `${base}%`, `${base}ä`];
      const ledgers = await Promise.all(names.map((name) => open(name)));
      for (const [at, ledger] of ledgers.entries())
        await add(ledger, { same: { stamp: `${at}`, open: true, value: at } });
      for (const [at, ledger] of ledgers.entries()) {
        same((await ledger.read(["same"]))[0]?.value, at, `namespace ${at}`);
        same(
          (await ledger.open({ limit: 9 })).map(({ value }) => value),
          [at],
          `open of namespace ${at}`,
        );
      }
      same(
        await /** @type {Ledger} */ (ledgers[0]).write([{ key: "same", was: "0", entry: null }]),
        true,
        "deleted in one",
      );
      same((await /** @type {Ledger} */ (ledgers[1]).read(["same"]))[0]?.value, 1, "still in the other");
    },
  },
  {
    name: "nothing asked for is nothing done",
    run: async (open) => {
      const ledger = await open(unique("empty"));
      same(await ledger.read([]), [], "read");
      same(await ledger.write([]), true, "write");
      same(await ledger.open({ limit: 1 }), [], "open");
      same(await ledger.prune({ olderThan: NOON }), 0, "prune");
    },
  },
];
