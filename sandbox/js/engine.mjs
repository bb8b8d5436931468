// @ts-check
// An engine that survives its module. A trap in WebAssembly (out of memory, stack overflow, a bug) leaves a module
// that cannot be used any more, not even for a reset. A new module then replaces it, and the engine continues from
// its last snapshot.

import { Engine, __wbg_reset_state as renewModule } from "../dist/agentphone_sandbox.js";

/** @typedef {ConstructorParameters<typeof Engine>[0]} Config */

/** Minimum time between two snapshots, in real milliseconds. */
const PAUSE = 1000;
/** A large state takes long to serialize: at most a twentieth of the time is spent on it. */
const SHARE = 20;
/** A snapshot that has led to this many consecutive traps is not used again. */
const TRIES = 3;

/** The error for a request that broke the engine. */
export class Broken extends Error {
  code = "SANDBOX_RESTARTED";
}

/** Generation of the module, which all engines of the process share. */
let module = 0;
/**
 * Weak, so that a sandbox that was never closed can be collected.
 * @type {Set<WeakRef<{ rescue(): void }>>}
 */
const liveEngines = new Set();

/**
 * @param {Config} config
 * @param {() => number} now The sandbox's time.
 */
export function createEngine(config, now) {
  /** @type {Engine} */
  let engine;
  let generation = module;
  /** @type {string | undefined} */
  let last;
  let takenAt = performance.now();
  let tookMs = 0;
  let changed = false;
  let breaks = 0;

  /** @returns {string} */
  function take() {
    const began = performance.now();
    last = engine.snapshot();
    takenAt = performance.now();
    tookMs = takenAt - began;
    changed = false;
    breaks = 0;
    return last;
  }

  /** Takes a snapshot from time to time, before the next change. */
  function snapshotIfDue() {
    if (changed && performance.now() - takenAt >= Math.max(PAUSE, tookMs * SHARE)) take();
    changed = true;
  }

  /** Creates an engine in the current module from the last snapshot. */
  function start() {
    generation = module;
    engine = new Engine(config);
    if (last === undefined) return "it began empty";
    const at = engine.restore(last);
    // The cause of the trap may be scheduled for this very moment.
    engine.advance(now());
    return `it went on from its state of ${new Date(at).toISOString()}`;
  }

  /**
   * Replaces the broken module and engine.
   * @param {unknown} error
   * @returns {Broken}
   */
  function recover(error) {
    breaks += 1;
    if (breaks > TRIES) last = undefined;
    if (generation === module) {
      for (const one of liveEngines) {
        const other = one.deref();
        if (other === undefined) liveEngines.delete(one);
        else if (other !== face) other.rescue();
      }
      replaceModule();
    }
    let how;
    try {
      how = start();
    } catch {
      // The snapshot itself breaks the engine.
      last = undefined;
      replaceModule();
      how = start();
    }
    const why = error instanceof Error ? error.message : "for an unknown reason";
    const broken = new Broken(`The sandbox broke (${why}), and ${how}. Fault rules and open streams are gone`, {
      cause: error,
    });
    face.onBreak(broken);
    return broken;
  }

  /**
   * Whether the module was replaced because another sandbox of this process broke it. The state was rescued then, but
   * ids and streams of the old engine mean nothing to the new one.
   */
  function moved() {
    if (generation === module) return false;
    recover(new Error("another sandbox of this process broke"));
    return true;
  }

  /**
   * @template T
   * @param {(engine: Engine) => T} act
   * @returns {T}
   */
  function ask(act) {
    moved();
    try {
      return act(engine);
    } catch (error) {
      throw recover(error);
    }
  }

  /**
   * Reports the outcome of something that the engine has asked for.
   * @param {(engine: Engine) => void} act
   */
  function report(act) {
    if (moved()) return;
    snapshotIfDue();
    ask(act);
  }

  const face = {
    /** Called after each trap, once the engine is ready again. @type {(broken: Broken) => void} */
    onBreak: () => {},

    /** @type {Engine["handle"]} */
    handle(method, target, headers, body, nowMs, guest) {
      return ask((engine) => {
        snapshotIfDue();
        return engine.handle(method, target, headers, body, nowMs, guest);
      });
    },
    /** @type {Engine["advance"]} */
    advance: (nowMs) =>
      ask((engine) => {
        snapshotIfDue();
        engine.advance(nowMs);
      }),
    nextDue: () => ask((engine) => engine.nextDue()),
    nextEvent: () => ask((engine) => engine.nextEvent()),
    takeOutbox: () => ask((engine) => engine.takeOutbox()),
    /** @type {Engine["sentHead"]} */
    sentHead: (id, status, headers, nowMs) => report((engine) => engine.sentHead(id, status, headers, nowMs)),
    /** @type {Engine["sentBody"]} */
    sentBody: (id, bytes, nowMs) => report((engine) => engine.sentBody(id, bytes, nowMs)),
    /** @type {Engine["sentEnd"]} */
    sentEnd: (id, nowMs) => report((engine) => engine.sentEnd(id, nowMs)),
    /** @type {Engine["sentFailed"]} */
    sentFailed: (id, reason, nowMs) => report((engine) => engine.sentFailed(id, reason, nowMs)),
    /** @type {Engine["timedOut"]} */
    timedOut: (id, nowMs) => report((engine) => engine.timedOut(id, nowMs)),
    /** @type {Engine["closed"]} */
    closed: (stream) => report((engine) => engine.closed(stream)),
    /** @type {Engine["owns"]} */
    owns: (target) => ask((engine) => engine.owns(target)),

    snapshot: () => ask(take),
    /** @type {Engine["restore"]} */
    restore(snapshot) {
      moved();
      try {
        const at = engine.restore(snapshot);
        last = snapshot;
        changed = false;
        return at;
      } catch (error) {
        // Rejected, and nothing has changed.
        if (error instanceof TypeError) throw error;
        recover(error);
        throw new TypeError("The snapshot cannot be read: it breaks the engine");
      }
    },
    /**
     * Empties the engine even if it is broken, and drops the snapshot it would continue from.
     * @template T
     * @param {() => T} reset
     * @returns {T}
     */
    reset(reset) {
      last = undefined;
      try {
        return reset();
      } catch (error) {
        if (!(error instanceof Broken)) throw error;
        // It has been recreated empty.
        return reset();
      } finally {
        last = undefined;
      }
    },
    /** Takes a snapshot before another engine replaces the module, if the module still works. */
    rescue() {
      try {
        if (generation === module) take();
      } catch {
        // The previous snapshot has to do.
      }
    },
    free() {
      liveEngines.delete(self);
      // An engine of an older module has no memory left to free.
      if (generation === module) engine.free();
    },
  };

  const self = new WeakRef(face);
  try {
    start();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    // Other engines have used up the memory.
    recover(error);
  }
  for (const one of liveEngines) if (one.deref() === undefined) liveEngines.delete(one);
  liveEngines.add(self);
  return face;
}

/** @typedef {ReturnType<typeof createEngine>} SturdyEngine */

function replaceModule() {
  module += 1;
  renewModule();
}
