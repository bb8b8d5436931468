// Nothing that costs money or reaches a person is done twice because an answer was lost: one is asked first.

import { AgentPhoneError } from "agentphone-wasm";
import { confirm } from "./confirm.js";

/** Whether it may have happened although an error came. */
export const unsure = (error: unknown): boolean => AgentPhoneError.is(error) && error.outcomeUnknown;

/**
 * Asks whether to go on where the last try may have worked; goes on by itself where it surely failed.
 *
 * @param last How the last try failed, if there was one.
 * @param what What would be done twice, e.g. `Buy another number`.
 * @param look Where to look first, as a sentence.
 */
export async function sureAgain(last: unknown, what: string, look: string): Promise<boolean> {
  if (!unsure(last)) return true;
  return confirm({
    title: `${what}?`,
    body: <p>The answer to the last try was lost: it may have worked. {look}</p>,
    action: "Yes, once more",
    danger: true,
  });
}
