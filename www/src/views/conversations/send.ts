// One way out for texts: what the thread's box and the form for new ones have in common.

import type { SendMessageRequest, SendMessageResponse } from "agentphone-wasm";
import { spend } from "../../app/confirm.js";
import { endOf } from "../../data/intent-key.js";
import type { useOnce } from "../../data/once.js";
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
 * Sends a text, once somebody has agreed where it costs money; undefined where not, or where `once` tells what became
 * of it.
 *
 * @param to Whom to, in words.
 */
export async function send(
  once: ReturnType<typeof useOnce>,
  request: SendMessageRequest,
  to: string,
): Promise<SendMessageResponse | undefined> {
  if (!(await spend(`Send a text to ${to}`, PRICE))) return undefined;
  const end = endOf(request.to_number ?? "");
  try {
    const sent = await once.run({
      operation: "messages.send",
      note: request.recipients ? "to a group" : end && `to ${end}`,
      content: request,
      send: (options) => api().messages.send(request, options),
    });
    return sent?.data;
  } finally {
    // Also after a failure: it may be out.
    void changed("conversations");
  }
}
