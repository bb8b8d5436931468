// @ts-check
// One run to a state file: two would overwrite each other's work, a whole state at a time.

import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** Locks that this process holds: its own id in a file says nothing, for after a restart it may be another's. */
const held = new Set();

/**
 * Takes the lock of a file, and gives what lets it go. Throws when another run has it.
 * @param {string} path
 * @returns {() => void}
 */
export function lock(path) {
  const name = `${path}.lock`;
  for (let tries = 1; ; tries++) {
    try {
      writeFileSync(name, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
      const owner = ownerOf(name);
      if (tries > 2 || (owner !== undefined && lives(owner, name))) {
        throw new Error(`${path} is in use by process ${owner ?? "unknown"}; if that is not so, remove ${name}`);
      }
      rmSync(name, { force: true });
    }
  }
  held.add(name);
  return () => {
    if (held.delete(name)) rmSync(name, { force: true });
  };
}

/** @param {string} name */
function ownerOf(name) {
  try {
    const pid = Number(readFileSync(name, "utf8"));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {number} pid
 * @param {string} name
 */
function lives(pid, name) {
  if (pid === process.pid) return held.has(name);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user lives, but may not be asked.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
