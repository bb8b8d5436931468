// A live transcript as the page keeps it: what the client's stream tells, drawn once a frame however fast it
// comes. The client reconnects after a cut and tells each turn once; nothing of that is done here.

import { batch, signal } from "@preact/signals";
import type { AgentPhone, TranscriptTurn } from "agentphone-wasm";

/** connecting: nothing has come yet; open: somebody may speak; ended: the call is over; failed: see the error. */
type Phase = "connecting" | "open" | "ended" | "failed";

const speaking = new Set<TranscriptFeed>();

/** One frame for all that speak: drawn each by itself, the page would be laid out as often as there are calls. */
function drawSoon(feed: TranscriptFeed): void {
  speaking.add(feed);
  if (speaking.size > 1) return;
  requestAnimationFrame(() => {
    batch(() => {
      for (const each of speaking) each.draw();
    });
    speaking.clear();
  });
}

/** The transcript of one call, from the first look to the last. */
export class TranscriptFeed {
  readonly turns = signal<readonly TranscriptTurn[]>([]);
  readonly phase = signal<Phase>("connecting");
  readonly error = signal<unknown>(undefined);
  readonly #client: AgentPhone;
  readonly #id: string;
  readonly #ended: () => void;
  readonly #leaving = new AbortController();
  #waiting: TranscriptTurn[] = [];
  /** Of an earlier try: shown until the first word of the next, which tells all of it again. */
  #old = false;

  /** @param ended Called when the call is over. */
  constructor(client: AgentPhone, id: string, ended: () => void = () => {}) {
    this.#client = client;
    this.#id = id;
    this.#ended = ended;
  }

  /** Follows it to its end. Again after a failure. */
  async follow(): Promise<void> {
    this.phase.value = "connecting";
    this.error.value = undefined;
    this.#old = true;
    try {
      for await (const { event, data } of this.#client.calls.transcript.stream(this.#id, {
        signal: this.#leaving.signal,
      })) {
        if (event === "turn") this.#say(data);
        else if (event === "connected") this.phase.value = "open";
        else this.#end();
      }
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      this.draw();
      this.error.value = error;
      this.phase.value = "failed";
    }
  }

  close(): void {
    this.#leaving.abort();
    speaking.delete(this);
  }

  /** Shows what has come since the last frame. */
  draw(): void {
    if (this.#waiting.length === 0) return;
    this.turns.value = [...(this.#old ? [] : this.turns.peek()), ...this.#waiting];
    this.#old = false;
    this.#waiting = [];
  }

  #say(turn: TranscriptTurn): void {
    this.#waiting.push(turn);
    drawSoon(this);
  }

  #end(): void {
    this.draw();
    this.phase.value = "ended";
    this.#ended();
  }
}
