// @ts-check
// A ledger in IndexedDB, for pages. The browser lets one transaction at a time write, over all tabs, so that reading the stamps and
// writing in one transaction is a compare-and-set. Nothing may be awaited within it, or the browser commits it.

import { ageOf, changesOf, keysOf, namespaceOf, optionsOf, pageOf } from "./check.js";
import { misconfigured, otherVersion, refuse, unavailable } from "./errors.js";
import { entryOf, FORMAT, lazily } from "./store.js";

const SUBJECT = "indexedDbLedger";
const STORE = "entries";
/** An index holds only what has all the fields of its key: an entry has `open` or `settled`, so that it is in one of the two. */
const INDEXES = /** @type {const} */ ({
  open: ["namespace", "open", "at", "key"],
  settled: ["namespace", "settled", "at"],
});

/** @param {IDBDatabase} database */
const create = (database) => {
  const store = database.createObjectStore(STORE, { keyPath: ["namespace", "key"] });
  for (const [name, path] of Object.entries(INDEXES)) store.createIndex(name, [...path]);
};

/** @param {IDBDatabase} database */
const isLedger = (database) => {
  if ([...database.objectStoreNames].join() !== STORE) return false;
  return [...database.transaction(STORE).objectStore(STORE).indexNames].join() === Object.keys(INDEXES).sort().join();
};

/** @param {string} name @param {() => void} onClosed @returns {Promise<IDBDatabase>} */
const connect = (name, onClosed) =>
  new Promise((resolve, reject) => {
    if (globalThis.indexedDB === undefined) throw misconfigured(`${SUBJECT}: there is no IndexedDB in this runtime`);
    const request = indexedDB.open(name, FORMAT);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion === 0) create(request.result);
    };
    request.onerror = () =>
      reject(
        request.error?.name === "VersionError"
          ? otherVersion(SUBJECT, FORMAT, undefined)
          : unavailable(SUBJECT, request.error),
      );
    request.onblocked = () => reject(unavailable(SUBJECT, new Error("another tab keeps the database closed")));
    request.onsuccess = () => {
      const database = request.result;
      // A later release in another tab, or a deletion, would have to wait for this one.
      database.onversionchange = () => (database.close(), onClosed());
      database.onclose = onClosed;
      try {
        if (isLedger(database)) return resolve(database);
      } catch (error) {
        // Closed by the browser meanwhile. No caller would receive what is thrown from here, and the ledger would never respond.
        return reject(unavailable(SUBJECT, error));
      }
      database.close();
      reject(misconfigured(`${SUBJECT}: a database of this name exists and is not a ledger; choose another name`));
    };
  });

/** @type {typeof import("./adapters.js").indexedDbLedger} */
export const indexedDbLedger = (name, options = {}) => {
  if (typeof name !== "string" || name === "") refuse(SUBJECT, "the name of the database must be a string, not empty");
  const namespace = namespaceOf(optionsOf(SUBJECT, options, ["namespace"]).namespace);
  const connection = lazily(() => connect(name, () => connection.forget()));

  /**
   * One transaction: `work` makes its requests, and `tell` sets what the promise resolves with once it is committed.
   * @template T @param {IDBTransactionMode} mode @param {T} initial @param {(store: IDBObjectStore, tell: (result: T) => void) => void} work @returns {Promise<T>}
   */
  const transaction = async (mode, initial, work) => {
    const database = await connection.get();
    return new Promise((resolve, reject) => {
      let result = initial;
      const fail = (/** @type {unknown} */ error) => reject(unavailable(SUBJECT, error ?? new Error("aborted")));
      try {
        const current = database.transaction(STORE, mode, { durability: "strict" });
        current.oncomplete = () => resolve(result);
        current.onabort = () => fail(current.error);
        work(current.objectStore(STORE), (told) => (result = told));
      } catch (error) {
        // The connection was closed meanwhile.
        connection.forget();
        fail(error);
      }
    });
  };

  /** The rows of these keys, once all of them are there. @param {IDBObjectStore} store @param {string[]} keys @param {(rows: any[]) => void} then */
  const rowsOf = (store, keys, then) => {
    /** @type {any[]} */
    const rows = [];
    let left = keys.length;
    if (left === 0) then(rows);
    keys.forEach((key, at) => {
      const request = store.get([namespace, key]);
      request.onsuccess = () => {
        rows[at] = request.result;
        if (--left === 0) then(rows);
      };
    });
  };

  /** @type {import("./adapters.js").ClosableLedger} */
  const ledger = {
    read: async (keys) => {
      const wanted = keysOf(keys);
      return transaction(
        "readonly",
        /** @type {(import("./ledger.js").LedgerEntry | undefined)[]} */ ([]),
        (store, tell) => rowsOf(store, wanted, (rows) => tell(rows.map((row) => row && entryOf(row)))),
      );
    },
    write: async (changes) => {
      const all = changesOf(changes);
      return transaction("readwrite", true, (store, tell) =>
        rowsOf(
          store,
          all.map(({ key }) => key),
          (rows) => {
            if (all.some(({ was }, at) => (rows[at]?.stamp ?? null) !== was)) return tell(false);
            for (const { key, entry } of all) {
              if (entry === null) store.delete([namespace, key]);
              else {
                const { stamp, open, at, value } = entry;
                store.put({ namespace, key, stamp, [open ? "open" : "settled"]: 1, at, value: JSON.stringify(value) });
              }
            }
          },
        ),
      );
    },
    open: async (page) => {
      const { limit, after } = pageOf(page);
      // An array is behind every number and string.
      const start = after === undefined ? [namespace, 1] : [namespace, 1, after.at, after.key];
      const range = IDBKeyRange.bound(start, [namespace, 1, []], true, true);
      return transaction("readonly", /** @type {import("./ledger.js").LedgerEntry[]} */ ([]), (store, tell) => {
        const request = store.index("open").getAll(range, limit);
        request.onsuccess = () => tell(request.result.map(entryOf));
      });
    },
    prune: async (age) => {
      const before = ageOf(age);
      const range = IDBKeyRange.bound([namespace, 1], [namespace, 1, before], false, true);
      return transaction("readwrite", 0, (store, tell) => {
        const request = store.index("settled").getAllKeys(range);
        request.onsuccess = () => {
          for (const key of request.result) store.delete(key);
          tell(request.result.length);
        };
      });
    },
    close: async () => {
      const database = await connection.get();
      connection.forget();
      database.close();
    },
  };
  return Object.freeze(ledger);
};
