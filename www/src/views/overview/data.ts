// What the overview reads, once for all its parts. What changes by itself is polled; the rest is read again when that
// changes, or seldom.

import type { AgentPhone, CallSummary } from "agentphone-wasm";
import { useEffect, useRef } from "preact/hooks";
import { useTalking } from "../../data/live-calls.js";
import { merge } from "../../data/live-list.js";
import { useApi } from "../../data/queries.js";
import { readLedger } from "../../session/sandbox.js";

/** The states of a call that goes on. */
const LIVE: readonly string[] = ["queued", "ringing", "in-progress"];
/** The longest page. */
const PAGE = 100;
/** Calls and texts of a number that are read at most; the figures say so if there are more. */
const MOST = 2000;
/** Numbers whose texts are read; with more of them only the API's own counter is shown. */
const NUMBERS = 10;

/** Milliseconds between two readings. */
const NOW = 4000;
const SOON = 7000;
const SELDOM = 60_000;

/** What was read of a time; `more`: there is more in it. */
export interface Read<T> {
  items: readonly T[];
  more: boolean;
}

const since = (start: number, at: string): boolean => Date.parse(at) >= start;

/** The latest calls, the newest first, read again and again. */
export const useLatestCalls = () =>
  useApi(
    ["calls", "latest"],
    (client, signal) =>
      client.calls.list({ limit: PAGE }, { signal }).then(({ data, total, hasMore }) => ({ data, total, hasMore })),
    { every: NOW },
  );

/** The calls that go on now; undefined until it is known. One that has lasted long is not among the latest any more. */
export function useLiveCalls(): readonly CallSummary[] | undefined {
  const latest = useLatestCalls().data?.data;
  const talking = useTalking();
  if (latest === undefined) return undefined;
  const known = new Set(latest.map(({ id }) => id));
  return [...latest, ...(talking ?? []).filter(({ id }) => !known.has(id))].filter(({ status }) =>
    LIVE.includes(status),
  );
}

/** The calls since a time; undefined until they are known. The latest page is enough, unless there are more of them. */
export function useCallsSince(start: number): Read<CallSummary> | undefined {
  const latest = useLatestCalls().data;
  const enough =
    latest !== undefined && (latest.hasMore !== true || latest.data.some(({ startedAt }) => !since(start, startedAt)));
  const past = useApi(["calls", "since", start], (client, signal) => readCalls(client, start, signal), {
    enabled: latest !== undefined && !enough,
    every: SELDOM * 2,
  }).data;
  if (latest === undefined) return undefined;
  if (!enough && past === undefined) return undefined;
  const items = enough ? latest.data : merge(latest.data, past?.items ?? []);
  return { items: items.filter(({ startedAt }) => since(start, startedAt)), more: past?.more === true && !enough };
}

/** The calls since a time, the newest first. */
export async function readCalls(client: AgentPhone, start: number, signal: AbortSignal): Promise<Read<CallSummary>> {
  const items: CallSummary[] = [];
  for await (const call of client.calls.list({ limit: PAGE }, { signal })) {
    if (!since(start, call.startedAt)) break;
    if (items.length === MOST) return { items, more: true };
    items.push(call);
  }
  return { items, more: false };
}

/** The latest conversations. */
export const useLatestConversations = () =>
  useApi(
    ["conversations", "latest"],
    (client, signal) => client.conversations.list({ limit: 6 }, { signal }).then(({ data }) => data),
    { every: SOON },
  );

/** A text, as far as it counts. */
export interface Text {
  at: number;
  /** Why it was not delivered; undefined if it was, or may still be. */
  failure: string | undefined;
}

/** The texts since a time; null if there are too many numbers to ask each. */
export const useTextsSince = (start: number) =>
  useApi(["conversations", "texts", start], (client, signal) => readTexts(client, start, signal), { every: SELDOM });

/** Has the texts read again as soon as a conversation goes on. */
export function useFreshTexts(start: number): void {
  const { refetch } = useTextsSince(start);
  const newest = useLatestConversations().data?.[0]?.lastMessageAt;
  const known = useRef<typeof newest>(undefined);
  useEffect(() => {
    if (known.current !== undefined && known.current !== newest) void refetch();
    known.current = newest;
  }, [newest]);
}

/** The texts since a time; null if there are too many numbers to ask each. */
export async function readTexts(client: AgentPhone, start: number, signal: AbortSignal): Promise<Read<Text> | null> {
  const numbers = await client.numbers.list({ limit: PAGE }, { signal });
  if (numbers.hasMore || numbers.data.length > NUMBERS) return null;
  const after = new Date(start - 1);
  const lists = await Promise.all(
    numbers.data.map(({ id }) =>
      client.numbers.messages.list(id, { after, limit: 200 }, { signal }).toArray({ limit: MOST }),
    ),
  );
  // A text between two numbers of the account is in both lists.
  const texts = new Map(
    lists
      .flat()
      .filter(({ receivedAt }) => since(start, receivedAt))
      .map(({ id, receivedAt, status, failureReason }) => [
        id,
        {
          at: Date.parse(receivedAt),
          failure: status === "failed" || status === "undelivered" ? (failureReason ?? "No reason given") : undefined,
        },
      ]),
  );
  return { items: [...texts.values()], more: lists.some(({ length }) => length === MOST) };
}

/** The API's own totals. */
export const useTotals = () =>
  useApi(["numbers", "totals"], (client, signal) => client.usage.get({ signal }), { every: SELDOM });

/** How deliveries fared in the last hours. */
export const useDeliveries = (hours: number) =>
  useApi(
    ["webhooks", "deliveries", "stats", hours],
    (client, signal) => client.webhooks.deliveries.stats({ hours }, { signal }),
    { every: SELDOM },
  );

/** What really happened in the sandbox. */
export const useLedger = () => useApi(["ledger"], () => readLedger(), { every: SELDOM / 3 });

/** What is set up, as far as one has to know for a first call. */
export interface SetUp {
  agent: boolean;
  number: boolean;
  webhook: boolean;
  call: boolean;
}

/** Whether all of it is there. */
export const complete = (setUp: SetUp): boolean => Object.values(setUp).every(Boolean);

/** Read until all of it is there. */
export const useSetUp = () =>
  useApi(["set-up"], readSetUp, { every: (setUp) => (setUp !== undefined && complete(setUp) ? false : SOON) });

async function readSetUp(client: AgentPhone, signal: AbortSignal): Promise<SetUp> {
  const one = { limit: 1 };
  const [agents, numbers, webhook, calls] = await Promise.all([
    client.agents.list(one, { signal }),
    client.numbers.list(one, { signal }),
    client.webhooks.get({ signal }),
    client.calls.list(one, { signal }),
  ]);
  return {
    agent: agents.data.length > 0,
    number: numbers.data.length > 0,
    webhook: webhook !== null,
    call: calls.data.length > 0,
  };
}
