// The work on several people: one after the other, each once. A key of its own holds for each person as long as the dialog
// is open, so that a second try does nothing again that was done.

import { signal } from "@preact/signals";
import { AgentPhoneError } from "agentphone-wasm";
import { endOf } from "../../data/intent-key.js";
import { doOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { textOf, titleOf } from "../../ui/error-words.js";
import { endsAll, leftOf, type Person, type Result } from "./plan.js";

/** What everybody gets. */
export type Content =
  | { way: "text"; numberId: string; body: string }
  | { way: "call"; agentId: string; greeting: string };

/** The work, and how far it is. */
export class Job {
  readonly people: readonly Person[];
  readonly content: Content;
  /** By number. */
  readonly results = signal<ReadonlyMap<string, Result>>(new Map());
  readonly running = signal(false);
  readonly #keys = new Map<string, string>();
  #stopped = false;

  constructor(people: readonly Person[], content: Content) {
    this.people = people;
    this.content = content;
  }

  /** Begins, or tries those again who have not got it. */
  async run(): Promise<void> {
    if (this.running.peek()) return;
    this.running.value = true;
    this.#stopped = false;
    const left = leftOf(this.people, this.results.peek());
    for (const { phone } of left) this.#note(phone, { state: "waits" });
    for (const { phone } of left) {
      if (this.#stopped) {
        this.#note(phone, { state: "skipped" });
        continue;
      }
      this.#note(phone, { state: "now" });
      this.#note(phone, await this.#reach(phone));
    }
    this.running.value = false;
    await changed();
  }

  /** Nothing more is sent after what is being sent. */
  stop(): void {
    this.#stopped = true;
  }

  #note(phone: string, result: Result): void {
    this.results.value = new Map(this.results.peek()).set(phone, result);
  }

  async #reach(phone: string): Promise<Result> {
    try {
      return this.content.way === "text"
        ? await this.#text(phone, this.content)
        : await this.#call(phone, this.content);
    } catch (error) {
      if (!AgentPhoneError.is(error)) return { state: "refused", why: String(error) };
      if (endsAll(error.code)) this.#stopped = true;
      return { state: "refused", why: `${titleOf(error) ?? textOf(error)} (${error.code})` };
    }
  }

  async #text(phone: string, { numberId, body }: Content & { way: "text" }): Promise<Result> {
    const content = { number_id: numberId, to_number: phone, body };
    const came = await doOnce(this.#keys, {
      operation: "messages.send",
      note: noteOf(phone),
      content,
      send: (options) => api().messages.send(content, options),
    });
    if ("doubt" in came) return { state: "doubt", key: came.doubt.key };
    const { conversation_id: id } = came.data;
    return { state: "done", place: id ? `/conversations/${id}` : undefined };
  }

  async #call(phone: string, { agentId, greeting }: Content & { way: "call" }): Promise<Result> {
    const content = { agentId, toNumber: phone, ...(greeting === "" ? {} : { initialGreeting: greeting }) };
    const came = await doOnce(this.#keys, {
      operation: "calls.create",
      // Whatever else differs, the same phone would ring.
      same: phone,
      note: noteOf(phone),
      content,
      send: (options) => api().calls.create(content, options),
    });
    if ("doubt" in came) return { state: "doubt", key: came.doubt.key };
    return { state: "done", place: `/calls/${came.data.id}` };
  }
}

const noteOf = (phone: string): string => `to ${endOf(phone)}`;
