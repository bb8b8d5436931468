// @ts-check
// A lock that allows one process per state file: two would overwrite each other's whole state.
//
// The lock of a killed process is removed. But between finding the owner dead and removing the lock, another
// process may have replaced it. So a process may only touch the lock while it is the only one with a claim: a file
// with a unique name. If two processes see each other's claims, both withdraw and try again; a process that sees
// no other claim is alone until it removes its own. A dead process's claim can be removed by anybody at any time,
// because its name is never reused.

import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Locks held by this thread. */
const held = new Set();
/** How often a claim is attempted, and the longest wait between two attempts, in milliseconds. */
const TRIES = 200;
const WAIT = 20;
/** A claim normally exists for a few milliseconds. */
const CLAIM_MS = 10_000;
/** Does not follow links and does not block on a pipe. Windows has neither flag. */
const SAFE_READ = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Takes the lock of a file and returns a function that releases it. Throws if another process holds it.
 * @param {string} path
 * @returns {() => void}
 */
export function lock(path) {
  const name = `${path}.lock`;
  const own = `${process.pid} ${startTimeOf(process.pid) ?? ""}\n`;
  const release = claim(name, own);
  try {
    do {
      const owner = ownerOf(name);
      if (owner === undefined) continue;
      if (isAlive(owner, name))
        throw new Error(`${path} is in use by process ${owner.pid}; if that is not so, remove ${name}`);
      rmSync(name, { force: true });
    } while (!create(name, own, release.claim));
  } finally {
    release();
  }
  held.add(name);
  return () => {
    if (!held.delete(name)) return;
    const owner = ownerOf(name);
    // It may have been removed by hand and taken by another process.
    if (owner?.pid === process.pid) rmSync(name, { force: true });
  };
}

/**
 * Waits until no other process is changing the lock.
 * @param {string} name
 * @param {string} own
 */
function claim(name, own) {
  for (let tries = 1; ; tries++) {
    const mine = `${name}.${process.pid}-${randomBytes(6).toString("hex")}`;
    const release = () => rmSync(mine, { force: true });
    try {
      // A full disk leaves an empty file.
      writeFileSync(mine, own, { flag: "wx", mode: 0o600 });
      if (others(name, mine).length === 0) return Object.assign(release, { claim: mine });
    } catch (error) {
      release();
      throw error;
    }
    release();
    if (tries === TRIES) throw new Error(`${name} is in constant use by other processes; try again`);
    // A random wait, so that two processes do not collide forever.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * WAIT);
  }
}

/**
 * Claims of other live processes. Those of dead ones are removed.
 * @param {string} name
 * @param {string} mine
 */
function others(name, mine) {
  const folder = dirname(name);
  const begin = `${basename(name)}.`;
  const claims = readdirSync(folder).filter(
    (file) => file.startsWith(begin) && /^\d+-[0-9a-f]{12}$/.test(file.slice(begin.length)),
  );
  return claims.filter((file) => {
    const path = join(folder, file);
    if (path === mine) return false;
    const owner = ownerOf(path);
    if (owner === undefined) return false;
    // A claim that has not been written yet has its owner's id in its name.
    if (owner.pid === 0) owner.pid = Number.parseInt(file.slice(begin.length), 10);
    // Either another thread's claim, or one left by an earlier process with the same id.
    const doubtful = owner.pid === process.pid && owner.born === undefined;
    if (doubtful ? ageOf(path) < CLAIM_MS : isAlive(owner, path)) return true;
    rmSync(path, { force: true });
    return false;
  });
}

/** @param {string} path */
const ageOf = (path) => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity);

/**
 * Creates the lock together with its content, and never over an existing one, because a version without claims may be
 * running too. Returns whether it was created.
 * @param {string} name
 * @param {string} own
 * @param {string} claim
 */
function create(name, own, claim) {
  const steps = [
    () => linkSync(claim, name),
    /* Some file systems do not support links. */ () => writeFileSync(name, own, { flag: "wx", mode: 0o600 }),
  ];
  for (const [at, step] of steps.entries()) {
    try {
      step();
      return true;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
      if (at === steps.length - 1) throw error;
    }
  }
  return false;
}

/**
 * The owner of a lock: undefined if there is no lock, process 0 if it does not name one.
 * @param {string} name
 * @returns {{ pid: number, born: string | undefined } | undefined}
 */
function ownerOf(name) {
  let file;
  try {
    file = openSync(name, SAFE_READ);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOENT") return undefined;
    throw new Error(`${name} is not a lock of a sandbox (${code}); remove it, or choose another state file`);
  }
  try {
    if (!fstatSync(file).isFile())
      throw new Error(`${name} is neither a file nor a lock of a sandbox; remove it, or choose another state file`);
    const [pid, born] = readFileSync(file, "utf8").trim().split(" ");
    const number = Number(pid);
    return { pid: Number.isSafeInteger(number) && number > 0 ? number : 0, born };
  } finally {
    closeSync(file);
  }
}

/**
 * @param {{ pid: number, born: string | undefined }} owner
 * @param {string} name
 */
function isAlive({ pid, born }, name) {
  if (pid === 0) return false;
  // Process ids are reused, especially in containers, where a sandbox often gets the same one at each start.
  const known = startTimeOf(pid);
  if (known !== undefined && born !== undefined) return known === born;
  if (pid === process.pid) return held.has(name);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A live process of another user may not be signalled.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * When a process started, if the system reports it.
 * @param {number} pid
 * @returns {string | undefined}
 */
function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name is in parentheses and may contain spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
