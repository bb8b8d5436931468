// The list of calls as it was last shown, so that the link back from a call leads there, and the next call is known.

let last = "";
let order: readonly string[] = [];

/** Keeps the filters of the list, as they stand in its address. */
export function remember(query: string): void {
  last = query;
}

/** Stores which calls it shows, in order. */
export function rememberOrder(ids: readonly string[]): void {
  order = ids;
}

/** The ids of the list, if they include the call. */
export const orderWith = (id: string): readonly string[] | undefined => (order.includes(id) ? order : undefined);

/** The address of the list with those filters. */
export const lastList = (): string => (last === "" ? "#/calls" : `#/calls?${last}`);
