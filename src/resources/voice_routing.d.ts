// Where the calls to a number go: to its agent, to a SIP trunk, or nowhere.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";

/** Where the calls to a number go. */
export interface VoiceRouting {
  /** `agent` is the agent that the number is attached to, `sip_trunk` a SIP trunk, `ignore` nowhere. */
  method?: Open<"agent" | "sip_trunk" | "ignore"> | undefined;
}

/** Where the calls to a number are to go. */
export interface VoiceRoutingRequest {
  /**
   * `agent`: the agent that the number is attached to. That word was seen in use; the names of the other two places, a
   * SIP trunk and nowhere, are inferred, and a trunk may need a field more: no source publishes them.
   */
  method: Open<"agent" | "sip_trunk" | "ignore">;
}

/** Where the calls to a number go. */
export interface VoiceRoutingResource {
  /**
   * Says where the calls to a number go; texts are not concerned. Without it no call reaches a SIP trunk.
   *
   * Effect class: idempotent. Free. The response is not documented: read the number for what is set now. Errors:
   * `PhoneNumberNotFoundError`, `ValidationError`, and those of every request.
   *
   * ```ts
   * await client.numbers.voiceRouting.update(number.id, { method: "agent" });
   * const { voiceRouting } = await client.numbers.get(number.id);
   * console.log(voiceRouting?.method);
   * ```
   */
  update(numberId: string, body: VoiceRoutingRequest, options?: RequestOptions): ApiPromise<unknown>;
}
