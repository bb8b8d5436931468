// Live transcripts: after a client reads the transcript of a call, the call is followed until it ends, and clients are notified
// of each change, so that they read it again. The number of followed calls is limited; a new one replaces the oldest.

import type { AgentPhone } from "agentphone-wasm";

/** Maximum number of followed calls. */
const MOST = 20;
/** Milliseconds between two notifications about one call: turns come in bursts. */
const PAUSE = 500;

export class Followed {
  readonly #client: AgentPhone;
  readonly #notify: (callId: string) => void;
  readonly #calls = new Map<string, AbortController>();

  /** @param notify Called when a transcript has changed. */
  constructor(client: AgentPhone, notify: (callId: string) => void) {
    this.#client = client;
    this.#notify = notify;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** Follows a call until it ends. */
  follow(callId: string): void {
    if (this.#calls.has(callId)) return;
    const oldest = this.#calls.keys().next();
    if (this.#calls.size >= MOST && !oldest.done) this.#calls.get(oldest.value)?.abort();
    const abort = new AbortController();
    this.#calls.set(callId, abort);
    void this.#read(callId, abort.signal).finally(() => {
      if (this.#calls.get(callId) === abort) this.#calls.delete(callId);
    });
  }

  /** Stops following all calls. */
  close(): void {
    for (const abort of this.#calls.values()) abort.abort();
    this.#calls.clear();
  }

  async #read(callId: string, signal: AbortSignal): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const notify = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        if (!signal.aborted) this.#notify(callId);
      }, PAUSE);
      timer.unref();
    };
    try {
      for await (const _ of this.#client.calls.transcript.stream(callId, { signal })) notify();
    } catch {
      // The next read of the transcript reports the error.
    }
    clearTimeout(timer);
    if (!signal.aborted) this.#notify(callId);
  }
}
