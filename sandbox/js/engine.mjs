// @ts-check
// An engine that outlives its module. Whatever traps in WebAssembly (no memory, a stack that is used up, a
// fault of ours) leaves behind a module that nothing can be asked of any more, a reset included. So the
// module is made anew, and the engine goes on from its last snapshot.

import { Engine, __wbg_reset_state as renewModule } from "../dist/agentphone_sandbox.js";

/** @typedef {ConstructorParameters<typeof Engine>[0]} Config */

/** Real milliseconds between two snapshots, at least. */
const PAUSE = 1000;
/** A large state takes long to write: no more than a twentieth of the time is spent on it. */
const SHARE = 20;
/** A snapshot that has led to so many breaks, one after the other, is not used again. */
const TRIES = 3;

/** The error of a request to a broken engine. */
export class Broken extends Error {
  code = "SANDBOX_RESTARTED";
}

/** Counts the modules of this process. All engines live in one. */
let module = 0;
/**
 * Weakly: this must not keep a sandbox alive that was never closed.
 * @type {Set<WeakRef<{ rescue(): void }>>}
 */
const living = new Set();

/**
 * @param {Config} config
 * @param {() => number} now The time of the sandbox.
 */
export function createEngine(config, now) {
  /** @type {Engine} */
  let engine;
  let home = module;
  /** @type {string | undefined} */
  let last;
  let takenAt = performance.now();
  let lasted = 0;
  let changed = false;
  let breaks = 0;

  /** @returns {string} */
  function take() {
    const began = performance.now();
    last = engine.snapshot();
    takenAt = performance.now();
    lasted = takenAt - began;
    changed = false;
    breaks = 0;
    return last;
  }

  /** Takes a snapshot now and then, before something new happens. */
  function keep() {
    if (changed && performance.now() - takenAt >= Math.max(PAUSE, lasted * SHARE)) take();
    changed = true;
  }

  /** An engine in the module that there is now, as the last snapshot has it. */
  function begin() {
    home = module;
    engine = new Engine(config);
    if (last === undefined) return "it began empty";
    const at = engine.restore(last);
    // What made it break may be planned for this very moment.
    engine.advance(now());
    return `it went on from its state of ${new Date(at).toISOString()}`;
  }

  /**
   * Replaces what is broken.
   * @param {unknown} error
   * @returns {Broken}
   */
  function recover(error) {
    breaks += 1;
    if (breaks > TRIES) last = undefined;
    if (home === module) {
      for (const one of living) {
        const other = one.deref();
        if (other === undefined) living.delete(one);
        else if (other !== face) other.rescue();
      }
      replaceModule();
    }
    let how;
    try {
      how = begin();
    } catch {
      // The snapshot itself breaks the engine.
      last = undefined;
      replaceModule();
      how = begin();
    }
    const why = error instanceof Error ? error.message : "for an unknown reason";
    const broken = new Broken(`The sandbox broke (${why}), and ${how}. Fault rules and open streams are gone`, {
      cause: error,
    });
    face.onBreak(broken);
    return broken;
  }

  /**
   * Whether the module was replaced because another sandbox of this process broke it. The state has been
   * rescued then, but what the old engine had handed out means nothing to the new one.
   */
  function moved() {
    if (home === module) return false;
    recover(new Error("another sandbox of this process did"));
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
   * Tells the engine what became of something that it has handed out.
   * @param {(engine: Engine) => void} act
   */
  function report(act) {
    if (moved()) return;
    keep();
    ask(act);
  }

  const face = {
    /** Told of each break, when the engine is ready again. @type {(broken: Broken) => void} */
    onBreak: () => {},

    /** @type {Engine["handle"]} */
    handle(method, target, headers, body, nowMs, guest) {
      return ask((engine) => {
        keep();
        return engine.handle(method, target, headers, body, nowMs, guest);
      });
    },
    /** @type {Engine["advance"]} */
    advance: (nowMs) =>
      ask((engine) => {
        keep();
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
        // Refused, and nothing has changed.
        if (error instanceof TypeError) throw error;
        recover(error);
        throw new TypeError("The snapshot cannot be read: the engine broke on it");
      }
    },
    /**
     * Empties the engine for certain, and forgets what it would go back to.
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
        // It is empty now, and whole.
        return reset();
      } finally {
        last = undefined;
      }
    },
    /** Takes a snapshot for the time after another engine's break, if the module still can. */
    rescue() {
      try {
        if (home === module) take();
      } catch {
        // The snapshot before is what there is.
      }
    },
    free() {
      living.delete(self);
      // A stale one lies in memory that is gone.
      if (home === module) engine.free();
    },
  };

  const self = new WeakRef(face);
  try {
    begin();
  } catch (error) {
    if (error instanceof TypeError) throw error;
    // Others have used up the memory.
    recover(error);
  }
  for (const one of living) if (one.deref() === undefined) living.delete(one);
  living.add(self);
  return face;
}

/** @typedef {ReturnType<typeof createEngine>} SturdyEngine */

function replaceModule() {
  module += 1;
  renewModule();
}
