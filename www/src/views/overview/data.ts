// What the overview reads, once for all its parts.

import type { AgentPhone, CallSummary } from "agentphone-wasm";
import { useApi } from "../../data/queries.js";

/** The states of a call that goes on. */
const LIVE: readonly string[] = ["queued", "ringing", "in-progress"];
/** The longest page. */
const PAGE = 100;
/** Beyond so many of a day nobody counts one by one. */
const MOST = 1000;
/** Numbers whose texts are counted one by one; of more of them the API's own counter is shown. */
const NUMBERS = 10;

/** How many there are today; `more`: that many at the least. */
export interface Today {
  count: number;
  more: boolean;
}

/** When today began, where the user is. */
export const midnight = (): number => new Date().setHours(0, 0, 0, 0);

const since = (start: number, at: string): boolean => Date.parse(at) >= start;

/** The latest calls, the newest first, read again and again. */
export const useLatestCalls = () =>
  useApi(
    ["calls", "latest"],
    (client, signal) =>
      client.calls.list({ limit: PAGE }, { signal }).then(({ data, total, hasMore }) => ({ data, total, hasMore })),
    { every: 2000 },
  );

/** The calls that go on now; undefined until it is known. One that has lasted long is not among the latest any more. */
export function useLiveCalls(): readonly CallSummary[] | undefined {
  const latest = useLatestCalls().data?.data;
  const talking = useApi(
    ["calls", "talking"],
    (client, signal) => client.calls.list({ status: "in-progress", limit: PAGE }, { signal }).then(({ data }) => data),
    { every: 4000 },
  ).data;
  if (latest === undefined) return undefined;
  const known = new Set(latest.map(({ id }) => id));
  return [...latest, ...(talking ?? []).filter(({ id }) => !known.has(id))].filter(({ status }) =>
    LIVE.includes(status),
  );
}

/** Today's calls. The latest page tells, unless there are more of them today. */
export function useCallsToday(): Today | undefined {
  const start = midnight();
  const latest = useLatestCalls().data;
  const many = latest?.hasMore === true && latest.data.every(({ startedAt }) => since(start, startedAt));
  const counted = useApi(["calls", "today", start], (client, signal) => countCalls(client, start, signal), {
    enabled: many,
    every: 15_000,
  }).data;
  if (latest === undefined) return undefined;
  return many ? counted : { count: latest.data.filter(({ startedAt }) => since(start, startedAt)).length, more: false };
}

async function countCalls(client: AgentPhone, start: number, signal: AbortSignal): Promise<Today> {
  let count = 0;
  for await (const { startedAt } of client.calls.list({ limit: PAGE }, { signal })) {
    if (!since(start, startedAt)) break;
    count += 1;
    if (count === MOST) return { count, more: true };
  }
  return { count, more: false };
}

/** Today's texts; null where there are too many numbers to ask each. The API counts days of its own only. */
export function useTextsToday() {
  const start = midnight();
  return useApi(["conversations", "texts today", start], (client, signal) => countTexts(client, start, signal), {
    every: 5000,
  });
}

async function countTexts(client: AgentPhone, start: number, signal: AbortSignal): Promise<Today | null> {
  const numbers = await client.numbers.list({ limit: PAGE }, { signal });
  if (numbers.hasMore || numbers.data.length > NUMBERS) return null;
  const after = new Date(start - 1);
  const lists = await Promise.all(
    numbers.data.map(({ id }) =>
      client.numbers.messages.list(id, { after, limit: 200 }, { signal }).toArray({ limit: MOST }),
    ),
  );
  // A text between two numbers of the account is in both lists.
  const ids = new Set(
    lists
      .flat()
      .filter(({ receivedAt }) => since(start, receivedAt))
      .map(({ id }) => id),
  );
  return { count: ids.size, more: lists.some(({ length }) => length === MOST) };
}

/** The API's own totals. */
export const useTotals = () =>
  useApi(["numbers", "totals"], (client, signal) => client.usage.get({ signal }), { every: 5000 });

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
  useApi(["set-up"], readSetUp, { every: (setUp) => (setUp !== undefined && complete(setUp) ? false : 3000) });

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
