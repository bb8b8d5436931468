// `inbox`: each delivery of a webhook is worked on once. The code is `src/js/toolkit/inbox.js`.

import type { Ledger } from "../js/ledger/ledger.js";
import type { WebhookEvent } from "../webhooks/webhooks.js";

/** Options of an inbox. */
export interface InboxOptions {
  /**
   * Shared by all machines: a store of `agentphone-wasm/ledger`, which may be the client's own. With `memoryLedger()` the
   * inbox belongs to one process and is lost when it ends. The store contains waiting events, with their phone numbers and texts.
   */
  store: Pick<Ledger, "read" | "write" | "open">;
  /**
   * Milliseconds, at least 100, after which other machines take over from one that has died. While a handler runs, its lease
   * is renewed. The machines' clocks must agree to within a fraction of it. Default: 60 000.
   */
  lease?: number | undefined;
  /**
   * How often a delivery is tried before it is given up, so that the conversation can continue. An attempt during which the machine
   * dies counts too. Default: 6.
   */
  attempts?: number | undefined;
  /**
   * Receives errors of handlers that no caller waits for: those of deliveries other than the one passed to `handle`, and an
   * `AgentPhoneError` with the code `TIMEOUT` for a delivery that is given up because machines died while they handled it. Default: `console.error`.
   */
  onError?: ((error: unknown) => void) | undefined;
}

/** Handles an event. */
export type InboxHandler<T> = (
  event: WebhookEvent,
  context: {
    /** Aborted when the delivery is no longer this machine's, and when the handler is done. */
    readonly signal: AbortSignal;
    /** The attempt, counted from 1. Attempts during which a machine died are counted too. */
    readonly attempt: number;
  },
) => T | PromiseLike<T>;

/** What happened to a delivery. Answer each of them with a 2xx. */
export type InboxOutcome<T> =
  | {
      /** The handler has run. */
      status: "handled";
      /** What the handler returned: for a caller's turn, the answer. */
      result: T;
    }
  | {
      /** `queued`: it is stored, behind others of its conversation that are being handled. `duplicate`: it has been handled before. */
      status: "queued" | "duplicate";
      /** There is none. */
      result?: undefined;
    };

/** An inbox. */
export interface Inbox {
  /**
   * Stores a delivery, unless it is a duplicate, and handles its conversation until none of its deliveries waits. If the handler
   * throws for this delivery, it is released and `handle` rejects with the same error: answer with a 500, so that it is sent
   * again. Other deliveries of the conversation wait for it, in order of time; those of other conversations do not.
   *
   * A caller's turn is handled on its own, because it must be answered at once; it is not retried, not even after its machine died. Errors: those
   * of the handler and of the store, `InvalidArgumentError`, and an `AgentPhoneError` with the code `CONFLICT` if other machines
   * kept changing the conversation for ten seconds.
   */
  handle<T>(event: WebhookEvent, handler: InboxHandler<T>): Promise<InboxOutcome<T>>;
  /**
   * Handles every waiting delivery that no machine is handling: those that failed, and those of a machine that died. Call it when
   * the program starts and from time to time. For the end of a call it is the only retry, because the API sends that once.
   *
   * ```ts
   * const { handled, failed } = await inbox({ store }).resume(async (waiting) => console.log(waiting.event));
   * console.log(handled, failed); // 0 0: nothing is waiting
   * ```
   */
  resume(handler: InboxHandler<unknown>): Promise<{
    /** Deliveries that were handled. */
    handled: number;
    /** Deliveries whose handler failed. */
    failed: number;
  }>;
}

/**
 * An inbox for webhooks: each delivery is handled once, across machines, in the order of its conversation. A
 * machine claims a delivery before handling it, and releases it if the handler fails. If the machine dies meanwhile,
 * another one takes over and the handler runs again, so its effects should be safe to repeat
 * (`idempotencyKey`). Deliveries that were handled stay in the store as entries that are not open; delete those older than a day with
 * the store's `prune`. Errors: `InvalidArgumentError`.
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
