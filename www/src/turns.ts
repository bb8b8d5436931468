// One thing at a time. A fault rule hits whichever request comes, and the ledger counts whoever made
// it; so while an error is provoked, the rest of the page (above all the polling of a call) waits.

let last: Promise<unknown> = Promise.resolve();

/** Runs `work` when everything that asked earlier is done. Not to be called from within a turn. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work);
  last = mine.catch(() => {});
  return mine;
}
