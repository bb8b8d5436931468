// One way out for texts: what the thread's box and the form for new ones have in common.

import type { SendMessageRequest, SendMessageResponse } from "agentphone-wasm";
import { sureAgain } from "../../app/again.js";
import { spend } from "../../app/confirm.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";

/** Cents for each text. No operation of the API tells it beforehand. */
export const PRICE = 2;
export const EFFECTS = [
  "celebration",
  "fireworks",
  "lasers",
  "love",
  "confetti",
  "balloons",
  "spotlight",
  "echo",
  "invisible",
  "gentle",
  "loud",
  "slam",
] as const;
/** The longest text, in letters. */
export const LONGEST = 1600;

/**
 * Sends a text, once somebody has agreed where it costs money or may go out a second time; undefined where not.
 *
 * @param last How the last try failed, if there was one.
 * @param to Whom to, in words.
 */
export async function send(
  request: SendMessageRequest,
  to: string,
  last: unknown,
): Promise<SendMessageResponse | undefined> {
  if (!(await sureAgain(last, "Send it again", "Look at the conversation first, so that nobody gets it twice.")))
    return undefined;
  if (!(await spend(`Send a text to ${to}`, PRICE))) return undefined;
  try {
    return await api().messages.send(request);
  } finally {
    // Also after a failure: it may be out.
    void changed("conversations");
  }
}
