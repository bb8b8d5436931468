// Following a call for the lab: what the stream tells is compared with what was said, so that a turn that is
// lost, told twice or out of order shows.

import type { AgentPhone, TranscriptTurn } from "agentphone-wasm";
import type { Send } from "./send.js";

/** Talks a hundred times as fast as usual. */
const FAST = "+15005550008";

/** Places a call that is soon over, and gives what follows it from its first ring. */
export async function followTranscript(client: AgentPhone, agentId: string): Promise<Send> {
  const { id } = await client.calls.create({ agentId, toNumber: FAST });
  return async (c, options) => {
    const began = performance.now();
    const turns: TranscriptTurn[] = [];
    const idle = options.timeout === undefined ? {} : { idleTimeout: options.timeout };
    for await (const { event, data } of c.calls.transcript.stream(id, { ...options, ...idle })) {
      if (event === "turn") turns.push(data);
    }
    const elapsed = performance.now() - began;
    const whole = await client.calls.transcript.get(id);
    const said = "data" in whole ? [] : (whole.transcript ?? []);
    const same = JSON.stringify(turns) === JSON.stringify(said);
    // A stream counts no attempts: the hooks count its connections.
    return {
      status: 200,
      attempts: 0,
      elapsed,
      ...(same ? {} : { flaw: "What the stream told is not what was said." }),
    };
  };
}
