// @ts-check
// A state that survives a restart. The file is replaced atomically, so that a crash leaves either the old or the
// new one; an unreadable file is renamed and never lost. Others may be able to write into the folder, so no file
// in it is trusted and no link is followed.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { lock } from "./lock.mjs";

/** Real milliseconds from a change until it is saved. */
const PAUSE = 1000;
/** A large state takes long to serialize: at most a twentieth of the time is spent on it. */
const SHARE = 20;
/** A file longer than any string can be is not a state. */
const LONGEST = 512 * 1024 * 1024;
/** Does not follow links and does not block on a pipe. Windows has neither flag. */
const SAFE_READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Throws if another process has the file, or if the path is not a regular file.
 * @param {string} path
 * @param {() => string} take Returns the state.
 */
export function stateFile(path, take) {
  const there = stateOf(path);
  if (there !== undefined) refuse(path, there);
  const release = lock(resolve(path));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let dirty = false;
  let lasted = 0;
  let writing = Promise.resolve();

  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!dirty) return writing;
    dirty = false;
    const written = writing.then(async () => {
      const began = performance.now();
      try {
        await replace(path, take());
      } catch (error) {
        // A failed save is repeated with the next change, or at the end.
        dirty = true;
        throw error;
      } finally {
        lasted = performance.now() - began;
      }
    });
    // A failed save must not fail later ones.
    writing = written.catch(() => {});
    return written;
  };

  return {
    /**
     * Reads the file, if it exists. If it cannot be restored, it is renamed; returns its new name and the reason.
     * @param {(text: string) => void} restore
     * @returns {{ damagedState?: string, damagedReason?: string }}
     */
    load(restore) {
      sweep(path);
      const text = read(path);
      if (text === undefined) return {};
      try {
        restore(text);
        return {};
      } catch (error) {
        const damagedState = free(`${path}.damaged`);
        renameSync(path, damagedState);
        return { damagedState, damagedReason: /** @type {Error} */ (error).message };
      }
    },

    /** Notes that the state may have changed. */
    touch() {
      dirty = true;
      timer ??= setTimeout(
        () => save().catch((error) => console.error(`The state was not saved: ${error.message}`)),
        Math.max(PAUSE, lasted * SHARE),
      );
    },

    /** Saves now; resolves when the file has been written. */
    save(always = false) {
      dirty ||= always;
      return save();
    },

    /** Releases the file. Nothing is saved from here on. */
    release() {
      clearTimeout(timer);
      release();
    },
  };
}

/** The file itself, not what it links to. @param {string} path */
const stateOf = (path) => lstatSync(path, { throwIfNoEntry: false });

/**
 * Throws unless it is a regular file.
 * @param {string} path
 * @param {import("node:fs").Stats} stats
 */
function refuse(path, stats) {
  if (stats.isFile() && stats.size <= LONGEST) return;
  /** @type {[string, string]} */
  const [code, what] = stats.isDirectory()
    ? ["EISDIR", "is a folder; name a file in it"]
    : stats.isSymbolicLink()
      ? ["ELOOP", "is a symbolic link; name the file itself"]
      : stats.isFile()
        ? ["EFBIG", `has ${stats.size} bytes, which is not the state of a sandbox; name another file`]
        : ["EINVAL", "is a pipe, a socket or a device; name a plain file"];
  throw Object.assign(new Error(`${path} ${what}`), { name: "StateFileError", code });
}

/**
 * The content of the file, or undefined if it does not exist.
 * @param {string} path
 */
function read(path) {
  let file;
  try {
    file = openSync(path, SAFE_READ);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    // It may have been replaced since it was checked.
    refuse(path, fstatSync(file));
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/** @param {string} path */
function free(path) {
  let name = path;
  for (let count = 2; stateOf(name) !== undefined; count++) name = `${path}-${count}`;
  return name;
}

/** An unpredictable name, so that no other user can put something in its place. @param {string} path */
const fresh = (path) => `${path}.${randomBytes(8).toString("hex")}.new`;

/** Removes incomplete files of killed processes. @param {string} path */
function sweep(path) {
  const begin = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(begin) && /^[0-9a-f]{16}\.new$/.test(name.slice(begin.length)))
      rmSync(join(dirname(path), name), { force: true });
  }
}

/**
 * @param {string} path
 * @param {string} text
 */
async function replace(path, text) {
  const next = fresh(path);
  const file = await open(next, "wx", 0o600);
  try {
    try {
      await file.writeFile(text);
      // Without this, a power failure may keep the new name but lose the content.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}
