// `keepTyping`: the typing indicator until the answer is there. The code is `src/js/toolkit/typing.js`.

import type { AgentPhone } from "../client/client.js";
import type { DisposeKey } from "../client/disposal.js";

/** Options of the typing indicator. */
export interface TypingOptions {
  /** Milliseconds between two signals: the indicator fades after some seconds. Default: 4000. */
  every?: number | undefined;
  /** Milliseconds after which it ends by itself. Default: 120 000. */
  most?: number | undefined;
  /** Ends it. */
  signal?: AbortSignal | null | undefined;
  /** Receives the error that ended it, for example of a line that cannot show it. Default: it ends silently. */
  onError?: ((error: unknown) => void) | undefined;
}

/** An active typing indicator. */
export interface Typing extends Record<DisposeKey, () => void> {
  /** Ends it. So does the end of a `using` block. */
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
