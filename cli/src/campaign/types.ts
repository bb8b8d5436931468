// The data of a campaign: its settings, its people and their states. All of it is plain data, because it is stored.

/** The state of a person. States up to `doubt` are open, the others are final until a `retry`. */
export type PersonState =
  | "waiting"
  /** A worker has claimed the person: the request is about to be sent, or in flight. */
  | "placing"
  /** The call was placed and is in progress. */
  | "placed"
  /** Outcome unknown: the API may have received the request. */
  | "doubt"
  | "answered"
  | "voicemail"
  | "busy"
  | "no-answer"
  | "failed"
  /** A text that the API accepted. */
  | "sent"
  | "skipped";

export const OPEN: readonly PersonState[] = ["waiting", "placing", "placed", "doubt"];
export const FINAL: readonly PersonState[] = [
  "answered",
  "voicemail",
  "busy",
  "no-answer",
  "failed",
  "sent",
  "skipped",
];
/** States that `retry` accepts. `doubt` is never among them: the call may have happened. */
export const RETRYABLE = ["busy", "no-answer", "voicemail", "failed"] as const;
export type Retryable = (typeof RETRYABLE)[number];
/** What may come of a call. */
export const CALL_RESULTS = ["answered", "voicemail", "busy", "no-answer", "failed"] as const;
export type CallResult = (typeof CALL_RESULTS)[number];

/** `draft`: its people are still being read. `done` and `stopped` are final until a `retry`. */
export type CampaignState = "draft" | "planned" | "running" | "paused" | "stopped" | "done";

/** Hours without calls or texts, as minutes since midnight in the person's time zone. */
export interface QuietHours {
  /** The first quiet minute. */
  readonly from: number;
  /** The end, exclusive; a value before `from` means the next day. */
  readonly until: number;
}

/** The content of the calls or texts. Strings may contain `{{name}}` with the name of a column. */
export interface Message {
  /** Calls: the agent that speaks. Texts: the agent that sends. */
  readonly agentId: string;
  /** Ids of the numbers to call from. Texts: empty, the agent's first number sends. */
  readonly numberIds: readonly string[];
  /** Ids of numbers that the agent has lost since the plan: people who wait for them get one of `numberIds`. */
  readonly releasedNumberIds?: readonly string[];
  /** Calls. */
  readonly initialGreeting?: string;
  readonly systemPrompt?: string;
  readonly voice?: string;
  readonly modelTier?: "turbo" | "balanced" | "max";
  /** Texts. */
  readonly body?: string;
  readonly mediaUrls?: readonly string[];
}

export interface Settings {
  readonly kind: "call" | "text";
  readonly message: Message;
  /** The API's own model speaks. It accepts variables and has a different price. */
  readonly hosted: boolean;
  /** Requests per minute, across all workers. */
  readonly perMinute: number;
  /** Concurrent calls per number, across all workers. */
  readonly perNumber: number;
  /** Seconds after which a call has certainly ended: a call in doubt keeps its place until then. */
  readonly longestCall: number;
  /** Null: at any hour. */
  readonly quietHours: QuietHours | null;
  /** The IANA time zone of people without one. */
  readonly zone: string;
  /** The address of the API and the sub-account, as JSON. */
  readonly account?: string;
}

/** A validated person of the list. */
export interface NewPerson {
  /** E.164. */
  readonly recipient: string;
  readonly zone: string | null;
  readonly variables: Readonly<Record<string, string>>;
  /** The line of the file, for messages. */
  readonly line: number;
  /** Why the person is skipped. */
  readonly skip?: SkipReason;
}

export type SkipReason = "duplicate" | "opted-out" | "outside-us-ca" | "landline" | "policy" | "stopped";

export interface Person {
  /** The position in the campaign, from 1. */
  readonly seq: number;
  readonly recipient: string;
  readonly zone: string | null;
  readonly variables: Readonly<Record<string, string>>;
  readonly line: number;
  readonly state: PersonState;
  /** Why, in a word or a code. */
  readonly reason: string | null;
  /** The round of the idempotency key: `retry` increments it, and so does another number, because the request changes. */
  readonly round: number;
  /** The id of the call or the text. */
  readonly resultId: string | null;
  /** The number whose place it takes. */
  readonly numberId: string | null;
  /** Failed requests of this round that may be retried. */
  readonly tries: number;
  /** Earliest time of the request, in milliseconds since 1970. While `placing`: end of the worker's lease. */
  readonly dueAt: number;
  /** When the request of this round was sent, or may have been sent; 0: not yet. */
  readonly placedAt: number;
  readonly updatedAt: number;
  readonly seconds: number | null;
  /** The claim's token while `placing`, otherwise empty. */
  readonly token: string;
  /** The results of earlier rounds; rounds without a result are not among them. */
  readonly history: readonly PastRound[];
}

/** The fields of a person that a queue needs. */
export type DuePerson = Pick<Person, "seq" | "recipient" | "zone" | "round" | "numberId" | "dueAt">;

export interface PastRound {
  readonly round: number;
  readonly state: PersonState;
  readonly reason: string | null;
  readonly resultId: string | null;
  readonly at: number;
}

export interface Campaign {
  readonly id: string;
  readonly state: CampaignState;
  /** Why it is paused. */
  readonly reason: string | null;
  readonly settings: Settings;
  readonly plan: Plan | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** When a worker last claimed people; 0: never. */
  readonly workerAt: number;
  /** Nothing is sent before this time, because of a rate limit. */
  readonly slowUntil: number;
  /** The theoretical time of the next request (GCRA). */
  readonly rateAt: number;
}

/** The number of people per state. */
export type Counts = Readonly<Record<PersonState, number>>;

/** The plan, shown before anything is sent. Money is in US dollars, durations are in seconds. */
export interface Plan {
  readonly people: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly price: Range;
  readonly duration: Range;
  /** What limits the speed. */
  readonly limitedBy: "rate" | "concurrency" | "new-contacts";
  /** People in quiet hours now, who are contacted afterwards. */
  readonly quietNow: number;
  readonly notes: readonly string[];
}

export interface Range {
  readonly least: number;
  readonly most: number;
}
