// Plain `fetch` in the retry loop that most programs have: up to three attempts, after network errors, timeouts, 429
// and 5xx. Its request is that of the client, byte for byte.

import type { Sender } from "./other.js";
import { pause } from "./quiet.js";

const ATTEMPTS = 3;
const BACKOFF = 250;
const TIMEOUT = 60_000;
const RETRIED = new Set([408, 429]);

/** The loop. */
export const plainly: Sender = async ({ request: { url, init }, choice, fetch, signal }) => {
  let learned = "";
  for (let sent = 1; ; sent += 1) {
    let again = true;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(choice.timeout ?? TIMEOUT)]);
      const response = await fetch(url, { ...init, signal: limit });
      await response.text();
      learned = `HTTP ${response.status}`;
      again = response.status >= 500 || RETRIED.has(response.status);
    } catch (error) {
      signal.throwIfAborted();
      learned = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    if (!again || sent === ATTEMPTS) return learned;
    await pause(BACKOFF * 2 ** (sent - 1));
  }
};
