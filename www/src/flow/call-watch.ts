// Follows a call to its end by asking for it again and again.

import type { AgentPhone, Call } from "agentphone-wasm";
import { sleep } from "../busy.js";
import { inTurn } from "../turns.js";

const EVERY_MS = 300;
const ENDED = new Set(["completed", "failed", "busy", "no-answer"]);

/** Whether nothing more will happen in a call. The set of states is open, the time of its end is sure. */
export function isOver(call: Pick<Call, "status" | "endedAt">): boolean {
  return ENDED.has(call.status) || (call.endedAt ?? null) !== null;
}

/** The call as it is now, and then each time it is asked for, until it has ended. */
export async function* watchCall(client: AgentPhone, id: string, signal: AbortSignal): AsyncGenerator<Call, void> {
  for (;;) {
    const call = await inTurn(() => client.calls.get(id, { signal }));
    yield call;
    if (isOver(call)) return;
    await sleep(EVERY_MS, signal);
  }
}
