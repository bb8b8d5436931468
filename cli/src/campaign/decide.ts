// A person's decision about calls that the API accepted and never listed (`not-shown`). The ledger knows their outcome, placed, so only
// the store can record what a person has found out. None of them is called again without it: `retry` does not accept people in doubt.

import { keyOf } from "./core/key.js";
import { CampaignError } from "./error.js";
import { peopleIn } from "./store/pages.js";
import type { CampaignStore, Change } from "./store/store.js";
import type { CallResult, Person } from "./types.js";

/** What a person has found out. */
export type Decision =
  /** The call was never made. The person counts as failed, and a `retry` may call them once more. */
  | { readonly nothing: true }
  /** This is the call: its result is read from the API, and if it is not listed there, the person is in doubt again. */
  | { readonly happened: string }
  /** The call was made, and ended like this. */
  | { readonly result: CallResult };

/** Whether the API accepted the call of a person in doubt. Otherwise the ledger has the entry to decide about. */
export const isNotShown = ({ state, resultId }: Person): boolean => state === "doubt" && resultId !== null;

/** The people of a campaign whose call was accepted and never listed. */
export const notShown = async function* (store: CampaignStore, id: string): AsyncGenerator<Person> {
  for await (const person of peopleIn(store, id, ["doubt"])) if (isNotShown(person)) yield person;
};

const changeOf = (decision: Decision): Pick<Change, "state" | "reason" | "resultId"> => {
  if ("nothing" in decision) return { state: "failed", reason: "not-placed" };
  if ("happened" in decision) return { state: "placed", reason: null, resultId: decision.happened };
  return { state: decision.result, reason: "decided" };
};

/**
 * Records the decision about the person with this idempotency key. Resolves to the person as before; undefined: no call with this key
 * was accepted and never listed, so the ledger decides (`client.effects.resolve`).
 */
export const decide = async (
  store: CampaignStore,
  id: string,
  key: string,
  decision: Decision,
  now = Date.now(),
): Promise<Person | undefined> => {
  for await (const person of notShown(store, id)) {
    const { seq, recipient, round } = person;
    if (keyOf(id, recipient, round) !== key) continue;
    const [isDone] = await store.record(id, [{ seq, was: "doubt", token: "", ...changeOf(decision) }], now);
    if (!isDone)
      throw new CampaignError("WRONG_STATE", "the person is no longer in doubt: a decision was made meanwhile");
    return person;
  }
  return undefined;
};
