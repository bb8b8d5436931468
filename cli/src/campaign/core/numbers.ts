// What changes when the agent loses one of several numbers of a campaign: its people are divided among the others.

import type { Person, Settings } from "../types.js";

/** The settings without these numbers; undefined if nothing changes, or none would remain. */
export const withoutNumbers = (settings: Settings, lost: readonly string[]): Settings | undefined => {
  const { numberIds, releasedNumberIds = [] } = settings.message;
  const left = numberIds.filter((each) => !lost.includes(each));
  if (left.length === 0 || left.length === numberIds.length) return undefined;
  const gone = numberIds.filter((each) => lost.includes(each));
  return {
    ...settings,
    message: { ...settings.message, numberIds: left, releasedNumberIds: [...releasedNumberIds, ...gone] },
  };
};

/** Whether a person has to be called from another number. */
export const lostNumber = ({ message }: Settings, { numberId }: Pick<Person, "numberId">): boolean =>
  numberId !== null && message.releasedNumberIds?.includes(numberId) === true;

/**
 * Another number for a person to whom nothing was sent in this round. The request changes with it, and the ledger refuses a key
 * with another request, so the round changes too.
 */
export const anotherNumber = (
  { message: { numberIds } }: Settings,
  { round }: Pick<Person, "round">,
  at: number,
): { readonly numberId: string; readonly round: number; readonly tries: number } => ({
  numberId: numberIds[at % numberIds.length] ?? "",
  round: round + 1,
  tries: 0,
});

/** The rounds of a person since the last result: several after a change of the number. */
export const openRounds = ({ round, history }: Pick<Person, "round" | "history">): number[] => {
  const first = (history.at(-1)?.round ?? -1) + 1;
  return Array.from({ length: round - first + 1 }, (_, at) => first + at);
};
