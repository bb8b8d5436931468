// Shows one call: the states it moves through, what is said, and a button that ends it.

import type { AgentPhone, Call, TranscriptTurn } from "agentphone-wasm";
import { busy } from "../busy.js";
import { byId, fill, h } from "../dom.js";
import { count } from "../format.js";
import { clearProblem, showProblem } from "../problem.js";
import { inTurn } from "../turns.js";
import { isOver, watchCall } from "./call-watch.js";

const COURSE = ["queued", "ringing", "in-progress", "completed"] as const;

const WORDS: Record<string, string> = {
  queued: "Queued",
  ringing: "Ringing",
  "in-progress": "In progress",
  completed: "Completed",
  failed: "Failed",
  busy: "Busy",
  "no-answer": "No answer",
};

/** A state in words; one that the page does not know stays as it is. */
export const stateInWords = (status: string): string => WORDS[status] ?? status;

export class CallView {
  readonly #client: AgentPhone;
  readonly #ended: () => Promise<void>;
  readonly #title = byId("call-title", HTMLElement);
  readonly #state = byId("call-state", HTMLElement);
  readonly #steps = byId("call-steps", HTMLElement);
  readonly #log = byId("call-log", HTMLElement);
  readonly #empty = byId("call-empty", HTMLElement);
  readonly #body = byId("call-body", HTMLElement);
  readonly #end = byId("call-end", HTMLButtonElement);
  readonly #slot = byId("call-view-problem", HTMLElement);
  #watching = new AbortController();
  #id = "";

  /** `ended` is called whenever a call that was followed is over. */
  constructor(client: AgentPhone, ended: () => Promise<void>) {
    this.#client = client;
    this.#ended = ended;
    this.#end.addEventListener("click", () => this.#hangUp());
  }

  /** Follows a call from now on, instead of the one before. */
  async follow(id: string): Promise<void> {
    this.clear();
    this.#id = id;
    const { signal } = this.#watching;
    const said = this.#listen(id, signal);
    // Its failure is told below, after what else went wrong.
    said.catch(() => {});
    try {
      let seen = 0;
      for await (const call of watchCall(this.#client, id, signal)) {
        if (signal.aborted) return;
        this.#draw(call);
        // On a phone the call lies below the form that placed it.
        if (seen === 0) this.#body.scrollIntoView({ block: "nearest" });
        seen += 1;
      }
      await said;
      // A call that was over from the start has changed nothing since the lists were read.
      if (seen > 1) await this.#ended();
    } catch (error) {
      if (signal.aborted) return;
      this.#end.hidden = true;
      showProblem(this.#slot, error);
    }
  }

  /** Shows no call. */
  clear(): void {
    this.#watching.abort();
    this.#watching = new AbortController();
    this.#id = "";
    clearProblem(this.#slot);
    fill(this.#log);
    fill(this.#steps);
    this.#state.textContent = "";
    this.#title.textContent = "The call";
    this.#end.hidden = true;
    this.#body.hidden = true;
    this.#empty.hidden = false;
  }

  #draw(call: Call): void {
    const over = isOver(call);
    this.#empty.hidden = true;
    this.#body.hidden = false;
    this.#end.hidden = over;
    this.#title.textContent = `Call to ${call.toNumber}`;
    const talked = over ? `, ${count(call.durationSeconds ?? 0, "second")} of talk` : "";
    const text = `${stateInWords(call.status)}${talked}`;
    // Only a change is worth reading aloud.
    if (this.#state.textContent !== text) this.#state.textContent = text;
    this.#state.dataset["status"] = call.status;
    this.#drawSteps(call.status);
  }

  #drawSteps(status: string): void {
    const course: readonly string[] = COURSE;
    const shown = course.includes(status) ? course : [...COURSE.slice(0, 3), status];
    const at = shown.indexOf(status);
    fill(
      this.#steps,
      ...shown.map((step, index) =>
        h(
          "li",
          {
            class: index < at || (index === at && at === shown.length - 1) ? "done" : "",
            attrs: { "aria-current": index === at ? "step" : null },
          },
          stateInWords(step),
        ),
      ),
    );
  }

  /** Shows what is said, as it is said. */
  async #listen(id: string, signal: AbortSignal): Promise<void> {
    for await (const { event, data } of this.#client.calls.transcript.stream(id, { signal })) {
      if (event === "turn") this.#say(data);
    }
  }

  #say({ role, content }: TranscriptTurn): void {
    const line = role === "agent" ? turn("Agent", content, "ours") : turn("Person called", content, "theirs");
    this.#log.append(line);
    // On a phone the log is longer than the screen.
    line.scrollIntoView({ block: "nearest" });
  }

  #hangUp(): void {
    const id = this.#id;
    void busy(this.#end, "Ending…", async () => {
      clearProblem(this.#slot);
      try {
        await inTurn(() => this.#client.calls.end(id));
      } catch (error) {
        showProblem(this.#slot, error);
      }
    });
  }
}

function turn(who: string, words: string, side: "theirs" | "ours"): HTMLElement {
  return h("li", { class: side }, h("span", { class: "who" }, who), h("span", { class: "words" }, words));
}
