// What is read of campaigns and their people for a viewer, as plain JSON.

import { statusOf } from "../status.js";
import type { CampaignStore } from "../store/store.js";
import type { Campaign, Person, PersonState } from "../types.js";
import type { PeopleAsked } from "./asked.js";

/** People per read while reasons are counted, and how many are read at most. */
const PAGE = 1_000;
const MOST_READ = 20_000;
/** States that have reasons worth counting. */
const WITH_REASONS: readonly PersonState[] = ["failed", "no-answer", "busy", "voicemail", "doubt", "skipped"];

const time = (at: number | null): string | null => (at === null || at === 0 ? null : new Date(at).toISOString());

/** A campaign with its progress. */
export const campaignShown = async (store: CampaignStore, campaign: Campaign, now: number) => {
  const { plan, settings, createdAt, startedAt, endedAt, slowUntil } = campaign;
  const { kind, message, ...limits } = settings;
  return {
    ...(await statusOf(store, campaign, now)),
    kind,
    /** As it is stored: actions name it. */
    createdAt,
    created: time(createdAt),
    started: time(startedAt),
    ended: time(endedAt),
    slowUntil: slowUntil > now ? time(slowUntil) : null,
    plan,
    message,
    limits,
  };
};

export type CampaignShown = Awaited<ReturnType<typeof campaignShown>>;

const personShown = ({ token: _, placedAt, dueAt, updatedAt, history, ...person }: Person) => ({
  ...person,
  placed: time(placedAt),
  // While a request is in flight it is the end of the worker's lease, which says nothing about the person.
  due: person.state === "waiting" ? time(dueAt) : null,
  updated: time(updatedAt),
  history: history.map(({ at, ...past }) => ({ ...past, at: time(at) })),
});

export type PersonShown = ReturnType<typeof personShown>;

export interface PeoplePage {
  readonly data: readonly PersonShown[];
  /** Where the next page begins: the parameter `from`; null at the end. */
  readonly next: string | null;
}

/** A page of people. */
export const peopleShown = async (
  store: CampaignStore,
  id: string,
  { phases, from, limit }: PeopleAsked,
): Promise<PeoplePage> => {
  const data: PersonShown[] = [];
  let { after } = from;
  for (let { phase } = from; phase < phases.length; phase += 1) {
    const states = phases[phase] ?? [];
    const people = await store.people(id, { states, after, limit: limit - data.length });
    data.push(...people.map(personShown));
    if (data.length === limit) return { data, next: `${phase}.${people.at(-1)?.seq ?? after}` };
    after = 0;
  }
  return { data, next: null };
};

export interface Reasons {
  readonly data: readonly { readonly state: PersonState; readonly reason: string; readonly people: number }[];
  /** False: there are too many people, and only the first of them were counted. */
  readonly isComplete: boolean;
}

/** How many people there are per reason, the most frequent first. */
export const reasonsShown = async (store: CampaignStore, id: string): Promise<Reasons> => {
  const found = new Map<string, { state: PersonState; reason: string; people: number }>();
  let after = 0;
  let isComplete = false;
  for (let read = 0; read < MOST_READ && !isComplete; read += PAGE) {
    const people = await store.people(id, { states: WITH_REASONS, after, limit: PAGE });
    for (const { state, reason } of people) {
      const key = `${state} ${reason}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { state, reason: reason ?? "unknown", people: 1 });
      else known.people += 1;
    }
    isComplete = people.length < PAGE;
    after = people.at(-1)?.seq ?? after;
  }
  const data = [...found.values()].sort((one, other) => other.people - one.people);
  return { data, isComplete };
};
