// @ts-check
// One run per state file: two would overwrite each other's work, a whole state at a time.
//
// The lock of a run that was killed is taken away. Whoever looks at a lock, finds its owner dead and removes it may
// remove the lock that somebody else has made meanwhile; so all that is done to a lock is done by one at a time, who
// has said so by a claim: a file under a name that nobody uses twice. Two who see each other's claims both stand back
// and try again; one that sees no other is alone until its claim is gone. A claim of the dead can be removed by
// anybody at any time, because its name never means anybody else.

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

/** Locks that this thread holds. */
const held = new Set();
/** How often a claim is made, and the longest wait before the next, in milliseconds. */
const TRIES = 200;
const WAIT = 20;
/** A claim is made and gone within some milliseconds. */
const CLAIM_MS = 10_000;
/** Neither follows a link nor waits for the other end of a pipe. Windows knows neither. */
const CAREFULLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Takes the lock of a file, and gives what lets it go. Throws when another run has it.
 * @param {string} path
 * @returns {() => void}
 */
export function lock(path) {
  const name = `${path}.lock`;
  const own = `${process.pid} ${bornAt(process.pid) ?? ""}\n`;
  const leave = claim(name, own);
  try {
    do {
      const owner = ownerOf(name);
      if (owner === undefined) continue;
      if (lives(owner, name))
        throw new Error(`${path} is in use by process ${owner.pid}; if that is not so, remove ${name}`);
      rmSync(name, { force: true });
    } while (!create(name, own, leave.claim));
  } finally {
    leave();
  }
  held.add(name);
  return () => {
    if (!held.delete(name)) return;
    const owner = ownerOf(name);
    // It may have been removed by hand and taken by another run.
    if (owner?.pid === process.pid) rmSync(name, { force: true });
  };
}

/**
 * Waits until nobody else is at work on the lock.
 * @param {string} name
 * @param {string} own
 */
function claim(name, own) {
  for (let tries = 1; ; tries++) {
    const mine = `${name}.${process.pid}-${randomBytes(6).toString("hex")}`;
    writeFileSync(mine, own, { flag: "wx", mode: 0o600 });
    const leave = () => rmSync(mine, { force: true });
    try {
      if (others(name, mine).length === 0) return Object.assign(leave, { claim: mine });
    } catch (error) {
      leave();
      throw error;
    }
    leave();
    if (tries === TRIES) throw new Error(`${name} is being taken by others all the time; try again`);
    // Of two that would always try together one comes first.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * WAIT);
  }
}

/**
 * The claims of others who live. Those of the dead are removed.
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
    // One that is not yet written says by its name whose it is.
    if (owner.pid === 0) owner.pid = Number.parseInt(file.slice(begin.length), 10);
    // Another thread's, or what this process has left in another life.
    const doubtful = owner.pid === process.pid && owner.born === undefined;
    if (doubtful ? ageOf(path) < CLAIM_MS : lives(owner, path)) return true;
    rmSync(path, { force: true });
    return false;
  });
}

/** @param {string} path */
const ageOf = (path) => Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity);

/**
 * Makes the lock, with its content from the first instant on, and never over another: a version that knows no claims
 * may be at work too. Whether it was made.
 * @param {string} name
 * @param {string} own
 * @param {string} claim
 */
function create(name, own, claim) {
  const steps = [
    () => linkSync(claim, name),
    /* Some file systems have no links. */ () => writeFileSync(name, own, { flag: "wx", mode: 0o600 }),
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
 * Whose a lock is: undefined when there is none, a process 0 when it does not say.
 * @param {string} name
 * @returns {{ pid: number, born: string | undefined } | undefined}
 */
function ownerOf(name) {
  let file;
  try {
    file = openSync(name, CAREFULLY);
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
function lives({ pid, born }, name) {
  if (pid === 0) return false;
  // Ids of processes are used again, most of all in containers, where a sandbox often has the same at each start.
  const known = bornAt(pid);
  if (known !== undefined && born !== undefined) return known === born;
  if (pid === process.pid) return held.has(name);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user lives, but may not be asked.
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/**
 * When a process began, where the system says so.
 * @param {number} pid
 * @returns {string | undefined}
 */
function bornAt(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name of the program is in brackets and may hold spaces and brackets itself.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
