// Opens the dialog in which several people are texted or called, from any table of people.

import { signal } from "@preact/signals";
import { MOST, type Person, peopleIn } from "./plan.js";

type Way = "text" | "call";

/** What is open. */
export const reaching = signal<{ way: Way; people: readonly Person[] } | undefined>(undefined);

/** Opens it for everybody among them who has a phone, each once. False: the rows stay selected. */
export function openReach(way: Way, all: Parameters<typeof peopleIn>[0]): false {
  const people = peopleIn(all);
  if (people.length === 0) throw new Error("None of them has a phone number.");
  if (people.length > MOST)
    throw new Error(
      `At most ${MOST} people at once, and these are ${people.length}. A campaign reaches any number, also after this page is closed.`,
    );
  reaching.value = { way, people };
  return false;
}
