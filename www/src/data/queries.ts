// What has been read of the account, kept for all views: one read for all who ask, read again while
// somebody looks, given up when nobody does.

import { effect, signal } from "@preact/signals";
import { QueryClient, type UseQueryResult, useQuery } from "@tanstack/preact-query";
import type { AgentPhone } from "agentphone-wasm";
import { lost } from "../session/connection.js";
import { account, api, isLive, reconnected } from "../session/session.js";

export const queries = new QueryClient({
  // The client retries by itself, and knows better when.
  defaultOptions: { queries: { retry: false, staleTime: 1000, refetchOnWindowFocus: true, networkMode: "always" } },
});

/** While true nothing is read by itself, not even for who has just come: the fault lab counts every request. */
export const held = signal(false);

/** Milliseconds between two readings of what changes by itself; a real account counts requests. */
export const pace = (ms: number): number => (isLive() ? ms * 5 : ms);

interface Reading<T> {
  /** Milliseconds between two readings while somebody looks. Default: read once. A function is told what came last. */
  every?: number | ((data: T | undefined) => number | false);
  enabled?: boolean;
  /** Also read it again while the tab is in the background. */
  hidden?: boolean;
}

/**
 * Reads something and keeps it under `key`. The signal ends the request when nobody looks any more.
 *
 * @example const agents = useApi(["agents"], (client, signal) => client.agents.list({ limit: 100 }, { signal }));
 */
export function useApi<T>(
  key: readonly unknown[],
  read: (client: AgentPhone, signal: AbortSignal) => PromiseLike<T>,
  reading: Reading<T> = {},
): UseQueryResult<T, Error> {
  const { every, enabled = true, hidden = false } = reading;
  const hold = held.value;
  return useQuery<T, Error>(
    {
      queryKey: [account.value, ...key],
      queryFn: async ({ signal }) => read(api(), signal),
      enabled: enabled && !hold,
      refetchIntervalInBackground: hidden,
      refetchInterval: (query) => {
        // A lost connection is retried in one place; everything is read again when it is back.
        if (hold || every === undefined || lost.peek() !== undefined) return false;
        const ms = typeof every === "number" ? every : every(query.state.data);
        return ms === false ? false : pace(ms);
      },
    },
    queries,
  );
}

const listeners = new Set<(key: readonly unknown[]) => void>();

/** Has `look` called when something changes whose key begins as this one does, or the other way round. */
export function onChange(key: readonly unknown[], look: () => void): () => void {
  const listener = (what: readonly unknown[]): void => {
    if (what.every((part, index) => index >= key.length || part === key[index])) look();
  };
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Has everything read again whose key begins so, because it has changed; nothing: all of it. */
export async function changed(...key: readonly unknown[]): Promise<void> {
  for (const listener of listeners) listener(key);
  await queries.invalidateQueries(key.length === 0 ? {} : { queryKey: [account.peek(), ...key] });
}

/** Everything is read again after a lost connection. */
effect(() => {
  if (reconnected.value > 0) void changed();
});
