// What may have happened: intents of the ledger whose outcome is not known, of the account that one acts in. Inside a
// sub-account those of the main account are among them, because sub-accounts are made there.

import { signal } from "@preact/signals";
import type { AgentPhone, Intent } from "agentphone-wasm";
import { account, api, masterApi } from "../session/session.js";
import { changed, useApi } from "./queries.js";

/** An intent with the key that one can decide it by. */
export type Doubtful = Intent & { key: string /** It is the main account's. */; main: boolean };

/** Something that came to light while the page is open. */
export interface Found {
  key: string;
  operation: string;
  id: string;
  /** In milliseconds. */
  at: number;
}

/** Milliseconds between two readings of the ledger, which other tabs write to as well. */
const READ_EVERY = 4000;
/** Milliseconds that a request may be under way before anybody need be told of it. */
const USUAL = 10_000;
const MOST_FOUND = 20;

/** The latest first. */
export const found = signal<readonly Found[]>([]);

/** Keys that a dialog shows: what becomes of them is no news. */
export const inSight = new Set<string>();

/** How often somebody has come back to something in doubt. */
export const asked = signal(0);

/** Somebody waits for what is in doubt: it is looked for now, and with short pauses. */
export const lookSoon = (): void => void (asked.value += 1);

const clientOf = (main: boolean): AgentPhone => (main ? masterApi() : api());

async function openOf(main: boolean, signal?: AbortSignal): Promise<Doubtful[]> {
  const all: Doubtful[] = [];
  for await (const intent of clientOf(main).effects.pending({ signal }))
    if (intent.key !== undefined) all.push({ ...intent, key: intent.key, main });
  return all;
}

/** All of it, the oldest first. */
export async function readDoubts(signal?: AbortSignal): Promise<readonly Doubtful[]> {
  const all = await openOf(false, signal);
  if (account.peek() !== null) all.push(...(await openOf(true, signal)));
  return all.sort((one, other) => one.sentAt.getTime() - other.sentAt.getTime());
}

export const useDoubts = () => useApi(["effects", "open"], (_, signal) => readDoubts(signal), { every: READ_EVERY });

/** Whether it is worth telling of: a request that has just been sent is not. */
export const isWorthTelling = ({ state, sentAt }: Intent): boolean =>
  state !== "sending" || Date.now() - sentAt.getTime() > USUAL;

/** What the ledger knows of a key; null for nothing. */
export const useIntent = (key: string, main: boolean) =>
  useApi(["effects", "one", key], async (_, signal) => (await clientOf(main).effects.get(key, { signal })) ?? null, {
    every: 1000,
  });

/** Looks once for all of it; what came to light. */
export async function lookForDoubts(signal?: AbortSignal): Promise<readonly Found[]> {
  const before = await readDoubts(signal);
  await api().effects.settle({ signal });
  if (before.some(({ main }) => main)) await masterApi().effects.settle({ signal });
  return noticed(before, signal);
}

/** Intents from this list that are no longer in doubt and were found. */
export async function noticed(before: readonly Doubtful[], signal?: AbortSignal): Promise<readonly Found[]> {
  const still = new Set((await readDoubts(signal)).map(({ key }) => key));
  const news: Found[] = [];
  for (const { key, operation, main } of before.filter((intent) => !still.has(intent.key))) {
    const intent = await clientOf(main).effects.get(key, { signal });
    if (intent?.state === "placed") news.push({ key, operation, id: intent.id ?? "", at: Date.now() });
  }
  const told = new Set(found.peek().map(({ key }) => key));
  found.value = [...news.filter(({ key }) => !told.has(key)), ...found.peek()].slice(0, MOST_FOUND);
  return news;
}

/** A person's word on one of them: the id of what was made, or false where nothing happened. */
export async function decide({ key, main }: Doubtful, happened: string | false): Promise<void> {
  await clientOf(main).effects.resolve(key, { happened });
  await changed();
}
