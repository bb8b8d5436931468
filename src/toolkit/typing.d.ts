// `keepTyping`: the typing indicator until the answer is there. The code is `src/js/toolkit/typing.js`.

import type { AgentPhone } from "../client/client.js";
import type { DisposeKey } from "../client/disposal.js";

/** How the indicator is kept. */
export interface TypingOptions {
  /** Milliseconds from one to the next: it fades after some seconds. Default: 4000. */
  every?: number | undefined;
  /** Milliseconds after which it ends by itself. Default: 120 000. */
  most?: number | undefined;
  /** Ends it. */
  signal?: AbortSignal | null | undefined;
  /** Gets the error that ended it, such as that of a line that cannot show it. Default: it ends in silence. */
  onError?: ((error: unknown) => void) | undefined;
}

/** An indicator that is being kept. */
export interface Typing extends Record<DisposeKey, () => void> {
  /** Ends it. The end of a `using` block does it, too. */
  stop(): void;
}

/**
 * Shows in an iMessage conversation that an answer is being written, from now on until `stop`, 2 minutes at most. It
 * never fails: a line that cannot show it, or a request that fails, ends it. Free, but 15 requests a minute of the API's rate
 * limit. Errors: `InvalidArgumentError`.
 *
 * ```ts
 * const typing = keepTyping(client, sent.conversation_id ?? "none");
 * try {
 *   await client.messages.send({ agentId: agent.id, toNumber: "+14155550100", body: "42" });
 * } finally {
 *   typing.stop();
 * }
 * ```
 */
export function keepTyping(
  client: Pick<AgentPhone, "conversations">,
  conversationId: string,
  options?: TypingOptions,
): Typing;
