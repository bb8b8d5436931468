// @ts-check
// By what a delivery of a webhook is known again, for the filter of duplicates and the inbox.

import { fingerprint } from "./fingerprint.js";

/**
 * What of a signed body says which event it is: the same on every retry, though a history beside it has grown.
 * @param {any} event
 */
const subjectOf = ({ event, channel, data }) => {
  const { messageId, callId, transcript, reactionType } = Object(data);
  if (messageId === undefined && callId === undefined) return fingerprint([event, data]);
  return fingerprint([
    event,
    channel,
    messageId,
    callId,
    typeof transcript === "string" ? transcript : null,
    reactionType,
  ]);
};

/**
 * The keys of a delivery; undefined for what `webhooks.verify` did not return. The fingerprint is of what was signed, and
 * another one on each retry; it comes first, so that a replay claims nothing else. X-Webhook-ID is the same on retries, but
 * is not signed: whoever replays a delivery can put another's id on it. So an id counts together with the signed event
 * that came under it.
 * @param {any} event @returns {string[] | undefined}
 */
export const deliveryKeys = (event) => {
  const { fingerprint: print, id } = event?.delivery ?? {};
  if (!print) return undefined;
  // A tapback names the message that it is for; only a message's own id is that of its delivery.
  const own = id ?? (event.event === "agent.message" ? event.data?.messageId : undefined);
  return [`fingerprint:${print}`, ...(own ? [`id:${own}:${subjectOf(event).toString(36)}`] : [])];
};
