// @ts-check
// `keepTyping`: the API's typing indicator fades after a while, and is sent again until the answer is there.

import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { onRejection, quietly } from "../lib/fields.js";
import { functionOf, numberOf, signalOf } from "./check.js";

const SUBJECT = "keepTyping";
const EVERY = 4000;
/** An indicator that was forgotten must end. */
const MOST = 120_000;

/** @param {any} client @param {any} conversationId @param {any} options */
const keep = (client, conversationId, options) => {
  const given = optionsOf(SUBJECT, options, ["every", "most", "signal", "onError"]);
  const typing = client?.conversations?.typing;
  if (typeof typing !== "function") refuse(SUBJECT, "the first argument must be a client", client);
  if (typeof conversationId !== "string" || conversationId === "")
    refuse(SUBJECT, "the second argument must be the id of a conversation");
  const every = numberOf(SUBJECT, "every", given.every, EVERY);
  const most = numberOf(SUBJECT, "most", given.most, MOST);
  const signal = signalOf(SUBJECT, given.signal);
  const onError = functionOf(SUBJECT, "onError", given.onError);

  const controller = new AbortController();
  const begun = performance.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
  const stop = () => {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    controller.abort();
  };
  // The next one when the last one has been answered: slow answers must not pile up.
  const show = async () => {
    // A single failed one is not worth repeating.
    await typing(conversationId, { signal: controller.signal, maxRetries: 0, timeout: every });
    if (performance.now() - begun + every >= most) stop();
    if (!controller.signal.aborted) timer = setTimeout(go, every);
  };
  const go = () =>
    onRejection(show(), (error) => {
      const wanted = controller.signal.aborted;
      stop();
      // The line may not be able to show it, which no answer should fail for.
      if (!wanted) quietly(() => onError?.(error));
    });
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  else go();
  return { stop, ...(Symbol.dispose && { [Symbol.dispose]: stop }) };
};

export const keepTyping = (
  /** @type {any} */ client,
  /** @type {any} */ conversationId,
  /** @type {any} */ options = {},
) => guard(SUBJECT, () => keep(client, conversationId, options));
