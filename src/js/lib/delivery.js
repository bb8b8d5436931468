// @ts-check
// Identifies a delivery of a webhook, for the filter of duplicates and the inbox.

import { fingerprint } from "./fingerprint.js";

/**
 * The part of a signed body that identifies the event: the same on every retry, although the history next to it may have grown.
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
 * The keys of a delivery; undefined for anything that `webhooks.verify` did not return. The fingerprint covers what was signed, and
 * differs on each retry; it comes first, so that a replay claims nothing else. X-Webhook-ID is the same on retries, but
 * not signed: an attacker who replays a delivery can give it another id. So an id counts only together with the signed event
 * that it came with.
 * @param {any} event @returns {string[] | undefined}
 */
export const deliveryKeys = (event) => {
  const { fingerprint: print, id } = event?.delivery ?? {};
  if (!print) return undefined;
  // A tapback contains the id of another message; only a message's own id identifies its delivery.
  const own = id ?? (event.event === "agent.message" ? event.data?.messageId : undefined);
  return [`fingerprint:${print}`, ...(own ? [`id:${own}:${subjectOf(event).toString(36)}`] : [])];
};
