// The log of requests, polled while it is shown. It belongs to the server that serves this page; a sandbox inside the
// page has none.

import { signal } from "@preact/signals";
import { control, isLive, mode } from "../session/session.js";
import type { FullExchange } from "../views/requests/as-code.js";
import { type Exchange, merged } from "./exchange-calls.js";
import { useApi } from "./queries.js";

interface Changes {
  data: Exchange[];
  last: number;
  first: number;
}

/** Its known entries, oldest first; undefined before the first read. */
export const exchanges = signal<readonly Exchange[] | undefined>(undefined);
/** New entries are held back while the user reads. */
export const paused = signal(false);

/** Whether there is a log. */
export const hasLog = (): boolean => mode() !== "page";

const EVERY = 1000;
/** The last change that is known. */
let seen = 0;

async function readChanges(): Promise<number> {
  if (paused.peek()) return seen;
  let { data, last, first } = await control<Changes>("GET", `exchanges?after=${seen}`);
  // The server has restarted, and counts from the beginning.
  if (last < seen) {
    exchanges.value = [];
    ({ data, last, first } = await control<Changes>("GET", "exchanges?after=0"));
  }
  seen = last;
  const known = exchanges.peek();
  if (known === undefined || data.length > 0 || (known[0]?.id ?? first) < first)
    exchanges.value = merged(known ?? [], data, first);
  return last;
}

/** Follows the log while the component is shown. */
export function useExchanges() {
  return useApi(["exchanges"], readChanges, {
    // On this machine, regardless of the account.
    every: isLive() ? EVERY / 5 : EVERY,
    enabled: hasLog(),
  });
}

/** One request with its headers and bodies; polled until it is over. */
export const useExchange = (id: number, seq: number) =>
  useApi(["exchanges", "one", id, seq], () => control<FullExchange>("GET", `exchanges/${id}`));

/** Clears it. */
export async function clearExchanges(): Promise<void> {
  await control("DELETE", "exchanges");
  exchanges.value = [];
}
