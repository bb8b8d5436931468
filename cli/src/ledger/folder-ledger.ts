// A ledger in a folder, for a command line that may be killed at any time and runs on any Node.js without a database.
//
// Each write is a separate file whose name is the next number. `link` fails if the name exists, so if two processes write at
// once, one succeeds; the other reads the first one's write and compares again. It takes no lock, so a killed process
// leaves none behind. From time to time a snapshot replaces the files before it. It is written before they are deleted, so a slow
// writer finds either the number taken or the snapshot that covers it.

import { randomBytes } from "node:crypto";
import { link, mkdir, open, readdir, readFile, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Ledger, LedgerChange, LedgerEntry } from "agentphone-wasm";

/** Number of writes after which a snapshot replaces them. */
const SNAPSHOT_AFTER = 64;
/** Number of replaced writes that a snapshot lists, so that a writer can check whether its own is among them. */
const NAMED = 256;
/** Maximum retries of a write after another process was faster, or of a read after files were replaced. */
const TRIES = 1_000;
const NAME = /^(\d{12})\.(json|snapshot)$/;

const nameOf = (number: number, kind: "json" | "snapshot"): string => `${String(number).padStart(12, "0")}.${kind}`;

/** A failure in the form of the package's own ledgers: the client reports it, and nothing is sent. */
const unavailable = (folder: string, cause: unknown): Error =>
  Object.assign(
    new Error(`the folder ${folder} cannot be used (${(cause as NodeJS.ErrnoException)?.code ?? "damaged"})`, {
      cause,
    }),
    { name: "LedgerError", code: "LEDGER_UNAVAILABLE", retryable: true },
  );

/** A file of one write. */
interface Write {
  /** Random: identifies the writer of this number. */
  readonly id: string;
  readonly changes: readonly LedgerChange[];
}

/** A file that replaces all writes up to its number. */
interface Snapshot {
  /** The ids of the latest replaced writes, the newest last. */
  readonly ids: readonly string[];
  readonly entries: readonly LedgerEntry[];
}

/** Sorts by time, and entries of the same time by key. */
const inOrder = (one: LedgerEntry, other: LedgerEntry): number =>
  one.at - other.at || (one.key < other.key ? -1 : one.key > other.key ? 1 : 0);

/** Makes a new name durable. Windows cannot open folders, and makes names durable without this. */
const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** A ledger whose entries are files in `folder`, which is created on first use. Several processes may share it. */
export const folderLedger = (folder: string): Ledger => {
  const entries = new Map<string, LedgerEntry>();
  /** The numbers of the last write in `entries` and of the last snapshot. */
  let last = 0;
  let snapshot = 0;
  /** The ids of the latest writes, the newest last. */
  let ids: string[] = [];
  /** Serializes the calls of this process. */
  let queue: Promise<unknown> = Promise.resolve();

  const apply = (changes: readonly LedgerChange[]): void => {
    for (const { key, entry } of changes) {
      if (entry === null) entries.delete(key);
      else entries.set(key, Object.freeze({ key, ...entry }));
    }
  };

  const numbers = async (wanted: "json" | "snapshot"): Promise<number[]> =>
    (await readdir(folder)).flatMap((name) => {
      const [, number, kind] = NAME.exec(name) ?? [];
      return kind === wanted ? [Number(number)] : [];
    });
  const newestSnapshot = async (): Promise<number> => Math.max(0, ...(await numbers("snapshot")));
  const read = async <T>(number: number, kind: "json" | "snapshot"): Promise<T> =>
    // Deeply frozen, so that a caller cannot change an entry for other callers.
    JSON.parse(await readFile(join(folder, nameOf(number, kind)), "utf8"), (_, value) => Object.freeze(value)) as T;

  /** Reads new writes. */
  const catchUp = async (): Promise<void> => {
    for (let tries = TRIES; ; tries -= 1) {
      try {
        // In this order, so that a write that was too late for its number is seen together with the snapshot that covers it.
        const writes = (await numbers("json")).sort((a, b) => a - b);
        const newest = await newestSnapshot();
        if (newest > last) {
          const found = await read<Snapshot>(newest, "snapshot");
          entries.clear();
          for (const entry of found.entries) entries.set(entry.key, entry);
          ids = [...found.ids];
          last = newest;
        }
        snapshot = Math.max(snapshot, newest);
        for (const number of writes.filter((each) => each > last)) {
          // A gap means that a snapshot has replaced listed files.
          if (number !== last + 1) throw Object.assign(new Error("gap"), { code: "ENOENT" });
          const { id, changes } = await read<Write>(number, "json");
          apply(changes);
          ids = [...ids.slice(1 - NAMED), id];
          last = number;
        }
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT" || tries <= 1) throw error;
      }
    }
  };

  /** Writes a file under a name that must be free; false if it is taken. Its content is durable before its name is. */
  const publish = async (name: string, content: unknown): Promise<boolean> => {
    const draft = join(folder, `${randomBytes(9).toString("hex")}.draft`);
    const handle = await open(draft, "wx", 0o600);
    try {
      try {
        await handle.writeFile(JSON.stringify(content));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await link(draft, join(folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
      throw error;
    } finally {
      await unlink(draft);
    }
    await syncFolder(folder);
    return true;
  };

  const takeSnapshot = async (): Promise<void> => {
    const at = last;
    if (!(await publish(nameOf(at, "snapshot"), { ids, entries: [...entries.values()] } satisfies Snapshot))) return;
    for (const name of await readdir(folder)) {
      const [, number, kind] = NAME.exec(name) ?? [];
      if (number === undefined || Number(number) > at || (kind === "snapshot" && Number(number) === at)) continue;
      await unlink(join(folder, name)).catch(() => {});
    }
    snapshot = at;
  };

  /** Whether a write is among those that snapshots have replaced: its number may have been free only because of a snapshot. */
  const counts = async (number: number, id: string): Promise<boolean> => {
    const newest = await newestSnapshot();
    if (newest < number) return true;
    const { ids: replaced } = await read<Snapshot>(newest, "snapshot");
    const named = replaced.at(number - newest - 1);
    if (named === undefined) throw Object.assign(new Error("too slow"), { code: "ESTALE" });
    return named === id;
  };

  /** Applies the changes that `changesOf` returns for the current entries; undefined if it returns none. */
  const append = async (changesOf: () => LedgerChange[] | undefined): Promise<LedgerChange[] | undefined> => {
    for (let tries = TRIES; tries > 0; tries -= 1) {
      await catchUp();
      const changes = changesOf();
      if (changes === undefined || changes.length === 0) return changes;
      const number = last + 1;
      const id = randomBytes(9).toString("hex");
      if (!(await publish(nameOf(number, "json"), { id, changes } satisfies Write))) continue;
      if (!(await counts(number, id))) {
        // No process reads it.
        await unlink(join(folder, nameOf(number, "json"))).catch(() => {});
        continue;
      }
      if (number - snapshot >= SNAPSHOT_AFTER) {
        await catchUp();
        await takeSnapshot();
      }
      return changes;
    }
    throw Object.assign(new Error("busy"), { code: "EBUSY" });
  };

  const exclusively = <T>(work: () => Promise<T>): Promise<T> => {
    const run = queue.then(async () => {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return await work();
      } catch (error) {
        throw unavailable(folder, error);
      }
    });
    queue = run.catch(() => {});
    return run;
  };

  return {
    read: (keys) =>
      exclusively(async () => {
        await catchUp();
        return keys.map((key) => entries.get(key));
      }),
    write: (given) => {
      // Copied immediately, because the caller may change them while the call is queued.
      const changes = JSON.parse(JSON.stringify(given)) as LedgerChange[];
      const fits = () => changes.every(({ key, was }) => (entries.get(key)?.stamp ?? null) === was);
      const wanted = changes.filter(({ was, entry }) => was !== null || entry !== null);
      return exclusively(async () => (await append(() => (fits() ? wanted : undefined))) !== undefined);
    },
    open: ({ limit, after }) =>
      exclusively(async () => {
        await catchUp();
        const behind = (entry: LedgerEntry): boolean =>
          after === undefined || inOrder(entry, { ...entry, at: after.at, key: after.key }) > 0;
        return [...entries.values()]
          .filter((entry) => entry.open && behind(entry))
          .sort(inOrder)
          .slice(0, limit);
      }),
    prune: ({ olderThan }) =>
      exclusively(async () => {
        const pruned = await append(() =>
          [...entries.values()]
            .filter((entry) => !entry.open && entry.at < Number(olderThan))
            .map(({ key, stamp }) => ({ key, was: stamp, entry: null })),
        );
        return pruned?.length ?? 0;
      }),
  };
};
