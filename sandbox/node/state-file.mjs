// @ts-check
// A state that survives a restart. The file is replaced in one step, so that a crash leaves the old one
// or the new one; a file that cannot be understood is put aside under another name and never lost.

import { existsSync, readFileSync, renameSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { lock } from "./lock.mjs";

/** Real milliseconds between a change and the write that saves it. */
const PAUSE = 1000;
/** A large state takes long to write: no more than a twentieth of the time is spent on it. */
const SHARE = 20;

/**
 * Throws when another run has the file.
 * @param {string} path
 * @param {() => string} take Gives the state.
 */
export function stateFile(path, take) {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw Object.assign(new Error(`${path} is a folder; name a file in it`), { code: "EISDIR" });
  }
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
      if (!existsSync(path)) return {};
      const text = readFileSync(path, "utf8");
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
      timer ??= setTimeout(() => save().catch((error) => console.error(`The state was not saved: ${error.message}`)), Math.max(PAUSE, lasted * SHARE));
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

/** @param {string} path */
function free(path) {
  let name = path;
  for (let count = 2; existsSync(name); count++) name = `${path}-${count}`;
  return name;
}

/**
 * @param {string} path
 * @param {string} text
 */
async function replace(path, text) {
  const fresh = `${path}.${process.pid}.new`;
  const file = await open(fresh, "w", 0o600);
  try {
    try {
      await file.writeFile(text);
      // Without this a power cut may keep the new name and lose the content.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
