// The list of calls as it was looked at last, so that the way back from a call leads there.

let last = "";

/** Keeps the filters of the list, as they stand in its address. */
export function remember(query: string): void {
  last = query;
}

/** The address of the list with those filters. */
export const lastList = (): string => (last === "" ? "#/calls" : `#/calls?${last}`);
