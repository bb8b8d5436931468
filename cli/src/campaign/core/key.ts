// The idempotency key of a person in a round, on which all guarantees depend: the ledger allows one request per key. Keys are
// stored and sent in plain text, so the recipient is included as a digest.

import { createHash } from "node:crypto";

/** Campaign ids: only characters that are safe in a key, a BullMQ job and a shell. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

const DIGEST_LENGTH = 22;

export const keyOf = (campaign: string, recipient: string, round: number): string => {
  const digest = createHash("sha256").update(`${campaign}\n${recipient}`).digest("base64url").slice(0, DIGEST_LENGTH);
  return `campaign/${campaign}/${digest}/${round}`;
};
