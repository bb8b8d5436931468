// Reads people page by page: a campaign may have millions.

import type { Person, PersonState } from "../types.js";
import type { CampaignStore } from "./store.js";

const PAGE = 500;

/** The people in these states. */
export const peopleIn = async function* (
  store: CampaignStore,
  id: string,
  states: readonly PersonState[],
): AsyncGenerator<Person> {
  for (let after = 0; ; ) {
    const people = await store.people(id, { states, after, limit: PAGE });
    yield* people;
    const last = people.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
};
