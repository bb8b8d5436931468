// The interface of a campaign store. Every method is one atomic step, and several processes may call it at once. The store does
// not prevent a second call to a person: the ledger, in the same database, does.

import type { Ledger } from "agentphone-wasm/ledger";
import type { PeopleQueue } from "../queue/queue.js";
import type {
  Campaign,
  CampaignState,
  Counts,
  DuePerson,
  NewPerson,
  Person,
  PersonState,
  Plan,
  Settings,
} from "../types.js";

/** The changed fields of a person; omitted fields stay unchanged. */
export interface Change {
  readonly seq: number;
  /** Applied only if the person is in this state … */
  readonly was: PersonState;
  /** … and has this claim's token; empty for an unclaimed person. */
  readonly token: string;
  readonly state: PersonState;
  readonly reason: string | null;
  readonly resultId?: string | null;
  readonly tries?: number;
  readonly dueAt?: number;
  readonly placedAt?: number;
  readonly seconds?: number | null;
  /** Another number to call from, together with `round`. */
  readonly numberId?: string;
  /** The next round: applied only if the person is in the round before it. */
  readonly round?: number;
}

export interface ClaimOptions {
  /** A token that is unique for each claim. */
  readonly token: string;
  readonly now: number;
  /** Maximum number of people. */
  readonly limit: number;
  /** Milliseconds until another worker may take them. */
  readonly lease: number;
}

export interface Claim {
  readonly campaign: Campaign;
  /** People who are now `placing` by this claim. */
  readonly people: readonly Person[];
  /** When more people may be due. */
  readonly nextAt: number;
}

export interface TakeOptions {
  readonly seq: number;
  /** The number that the person was assigned; empty for texts. */
  readonly numberId: string;
  /** Concurrent calls of that number; null: any number of texts. */
  readonly places: number | null;
  readonly token: string;
  readonly now: number;
  readonly lease: number;
}

export type Taken =
  /** The person as before, who is now `placing`. */
  | { readonly person: Person; readonly state: CampaignState }
  /** Not yet: the person is due then. */
  | { readonly dueAt: number }
  /** Not now: paused, slowed down, no free place, or finished. */
  | undefined;

export interface Due {
  /** People whose worker died. */
  readonly lapsed: readonly DuePerson[];
  /** Waiting people, those due first. */
  readonly waiting: readonly DuePerson[];
}

export interface DueOptions {
  readonly now: number;
  /** Includes people who are due before this time. */
  readonly until: number;
  readonly limit: number;
  /** Calls: the numbers, and the concurrent calls of each. Null: texts. */
  readonly places: { readonly numberIds: readonly string[]; readonly perNumber: number } | null;
}

/** What every store does. */
export interface CampaignData {
  /** The ledger in the same database. */
  readonly ledger: Ledger;
  /** Creates a campaign without people, and replaces a draft. Returns false if a campaign with the id exists that is not a draft. */
  create(id: string, settings: Settings, now: number): Promise<boolean>;
  /** Adds people to a draft; returns for each whether the recipient is new. */
  add(id: string, people: readonly NewPerson[], now: number): Promise<boolean[]>;
  /** Ends the draft. */
  publish(id: string, plan: Plan): Promise<void>;
  /** Removes a campaign and its people. `only`: only if it is a draft, because another process may have planned it meanwhile. */
  remove(id: string, only?: "draft"): Promise<void>;
  get(id: string): Promise<Campaign | undefined>;
  /** All campaigns, the newest first. */
  list(): Promise<Campaign[]>;
  /** Moves a campaign into a state if it is in one of `from`; returns whether it did. */
  move(
    id: string,
    from: readonly CampaignState[],
    to: CampaignState,
    reason: string | null,
    now: number,
  ): Promise<boolean>;
  /** Stores changes; returns for each whether it was applied. */
  record(id: string, changes: readonly Change[], now: number): Promise<boolean[]>;
  /** Sends nothing before this time. */
  slow(id: string, until: number): Promise<void>;
  /** People in these states, by `seq`. */
  people(
    id: string,
    page: { readonly states?: readonly PersonState[]; readonly after?: number; readonly limit: number },
  ): Promise<Person[]>;
  counts(id: string): Promise<Counts>;
  /** The number of requests sent since this time. */
  placedSince(id: string, since: number): Promise<number>;
  /** Begins a round for people in these states; returns their number. */
  retry(id: string, states: readonly PersonState[], now: number): Promise<number>;
  /** Removes numbers that the agent has lost from those to call from, unless none would remain. Returns whether it did. */
  dropNumbers(id: string, numberIds: readonly string[]): Promise<boolean>;
  /** People waiting for one of these numbers. */
  waitingFor(id: string, numberIds: readonly string[], limit: number): Promise<Person[]>;
  /** Skips all waiting people: the campaign was stopped. */
  abandon(id: string, now: number): Promise<void>;
  /** Gives a worker the exclusive turn until this time; returns false while another worker has it. */
  turn(id: string, worker: string, now: number, until: number): Promise<boolean>;
  close(): Promise<void>;
}

/** A store for one machine hands people out itself. */
export interface ClaimingStore extends CampaignData {
  /** Assigns people to a worker, within rate and places, including people whose worker died. */
  claim(id: string, options: ClaimOptions): Promise<Claim>;
}

/** A store for many machines: a queue hands people out, and the store decides about each. */
export interface QueueingStore extends CampaignData {
  readonly claim?: undefined;
  /** Assigns one person to a worker if the person is due, the campaign is running and the number has a free place. */
  take(id: string, options: TakeOptions): Promise<Taken>;
  /** The people to put into the queue: no more of a number than it has free places. */
  due(id: string, options: DueOptions): Promise<Due>;
  /** Resolves to the campaign's queue when its server can be used. */
  openQueue(id: string, settings: Settings): Promise<PeopleQueue>;
}

export type CampaignStore = ClaimingStore | QueueingStore;

export interface OpenOptions {
  /** Whether a store that does not exist is created. Default: true. With false it is refused (`STORE_MISSING`). */
  readonly create?: boolean | undefined;
}

/** The version of the stored format; incremented when it changes. */
export const FORMAT = 1;

export const noCounts = (): Record<PersonState, number> => ({
  waiting: 0,
  placing: 0,
  placed: 0,
  doubt: 0,
  answered: 0,
  voicemail: 0,
  busy: 0,
  "no-answer": 0,
  failed: 0,
  sent: 0,
  skipped: 0,
});
