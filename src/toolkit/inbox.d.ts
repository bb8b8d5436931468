// `inbox`: each delivery of a webhook is worked on once. The code is `src/js/toolkit/inbox.js`.

import type { Ledger } from "../js/ledger/ledger.js";
import type { WebhookEvent } from "../webhooks/webhooks.js";

/** How an inbox works. */
export interface InboxOptions {
  /**
   * Shared by all machines: a store of `agentphone-wasm/ledger`, also the one that the client has. With `memoryLedger()` it is
   * an inbox of one process, which forgets all at its end. The events that wait are in it, with their numbers and texts.
   */
  store: Pick<Ledger, "read" | "write" | "open">;
  /**
   * Milliseconds, at least 100, after which others take over from a machine that has died. While a handler runs, its lease
   * is renewed. The clocks of the machines must agree to a fraction of it. Default: 60 000.
   */
  lease?: number | undefined;
  /** How often a delivery is tried before it is given up, so that the conversation goes on. Default: 6. */
  attempts?: number | undefined;
  /** Gets the errors of handlers that are nobody's: of deliveries other than the one that was handled. Default: `console.error`. */
  onError?: ((error: unknown) => void) | undefined;
}

/** Works on an event. */
export type InboxHandler<T> = (
  event: WebhookEvent,
  context: {
    /** Aborted when the delivery is no longer this machine's, and when the handler is done. */
    readonly signal: AbortSignal;
    /** Which attempt it is, from 1. */
    readonly attempt: number;
  },
) => T | PromiseLike<T>;

/** What became of a delivery. Each of them is answered with a 2xx. */
export type InboxOutcome<T> =
  | {
      /** The handler has worked on it. */
      status: "handled";
      /** What the handler returned: of a caller's turn, the answer. */
      result: T;
    }
  | {
      /** `queued`: it is stored, behind others of its conversation that are being worked on. `duplicate`: it has been worked on. */
      status: "queued" | "duplicate";
      /** There is none. */
      result?: undefined;
    };

/** An inbox. */
export interface Inbox {
  /**
   * Stores a delivery, unless it is known, and works on its conversation until nothing of it waits. Where the handler
   * throws for this delivery, it is given back and `handle` rejects with the same error: answer with a 500, so that it comes
   * again. Others of the conversation wait for it, in the order of their times; those of other conversations do not.
   *
   * A caller's turn is a conversation of its own, because it must be answered at once; it is not tried again. Errors: those
   * of the handler and of the store, `InvalidArgumentError`, and an `AgentPhoneError` with the code `CONFLICT` where others
   * changed the conversation at each try for ten seconds.
   */
  handle<T>(event: WebhookEvent, handler: InboxHandler<T>): Promise<InboxOutcome<T>>;
  /**
   * Works on all that waits and that no machine works on: what failed, and what a machine left that has died. Call it at
   * the start of the program and from time to time. Of a call's end it is the only second try: the API tells it once.
   *
   * ```ts
   * const { handled, failed } = await inbox({ store }).resume(async (waiting) => console.log(waiting.event));
   * console.log(handled, failed); // 0 0: nothing waits
   * ```
   */
  resume(handler: InboxHandler<unknown>): Promise<{
    /** Deliveries that were worked on. */
    handled: number;
    /** Deliveries whose handler failed. */
    failed: number;
  }>;
}

/**
 * An inbox for webhooks: each delivery is worked on once, over several machines, in the order of its conversation. A
 * machine claims it before it works on it, and gives it back when the handler fails. One that dies in the middle of it
 * leaves it to the others: then the handler runs a second time, so that what it does should be safe to repeat
 * (`idempotencyKey`). What was seen is kept as entries that are not open; delete those of more than a day ago with
 * `prune` of the store. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * const box = inbox({ store });
 * const { status } = await box.handle(event, async (accepted) => {
 *   if (accepted.event === "agent.message" && accepted.channel !== "voice") console.log(accepted.data.message);
 * });
 * console.log(status, (await box.handle(event, () => {})).status); // handled duplicate
 * ```
 */
export function inbox(options: InboxOptions): Inbox;
