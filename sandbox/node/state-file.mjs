// @ts-check
// A state that survives a restart. The file is replaced in one step, so that a crash leaves the old one
// or the new one; a file that cannot be understood is put aside under another name and never lost. Others may
// write into the folder: no name in it is trusted to be what it was, and no link is followed.

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

/** Real milliseconds between a change and the write that saves it. */
const PAUSE = 1000;
/** A large state takes long to write: no more than a twentieth of the time is spent on it. */
const SHARE = 20;
/** A file that is longer than any text can be is no state. */
const LONGEST = 512 * 1024 * 1024;
/** Neither follows a link nor waits for the other end of a pipe. Windows knows neither. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Throws when another run has the file, or what is there is no file.
 * @param {string} path
 * @param {() => string} take Gives the state.
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
        // What could not be saved now is saved with the next change, or at the end.
        dirty = true;
        throw error;
      } finally {
        lasted = performance.now() - began;
      }
    });
    // A save that failed must not fail those after it.
    writing = written.catch(() => {});
    return written;
  };

  return {
    /**
     * Reads the file, if there is one. What cannot be restored is put aside: gives its new name then, and why.
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

    /** Something may have changed. */
    touch() {
      dirty = true;
      timer ??= setTimeout(
        () => save().catch((error) => console.error(`The state was not saved: ${error.message}`)),
        Math.max(PAUSE, lasted * SHARE),
      );
    },

    /** Writes at once, and settles when the file is there. */
    save(always = false) {
      dirty ||= always;
      return save();
    },

    /** Leaves the file to others. Nothing is saved from here on. */
    release() {
      clearTimeout(timer);
      release();
    },
  };
}

/** What lies under a name, itself and not what it points to. @param {string} path */
const stateOf = (path) => lstatSync(path, { throwIfNoEntry: false });

/**
 * Throws unless it is a plain file.
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
 * The text of the file, or undefined when there is none.
 * @param {string} path
 */
function read(path) {
  let file;
  try {
    file = openSync(path, CAREFULLY);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    // What was looked at before may be something else by now.
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

/** Nobody can know the name of the next, and so nobody can put something in its place. @param {string} path */
const fresh = (path) => `${path}.${randomBytes(8).toString("hex")}.new`;

/** Removes what a run that was killed has left half written. @param {string} path */
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
      // Without this a power cut may keep the new name and lose the content.
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
