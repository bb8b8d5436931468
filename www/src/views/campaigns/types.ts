// What the server says of campaigns: the JSON of `agentphone campaign status`, and people.

export type CampaignState = "planned" | "running" | "paused" | "stopped" | "done";

export type PersonState =
  | "waiting"
  | "placing"
  | "placed"
  | "doubt"
  | "answered"
  | "voicemail"
  | "busy"
  | "no-answer"
  | "failed"
  | "sent"
  | "skipped";

export type Counts = Record<PersonState, number>;

interface Range {
  least: number;
  most: number;
}

export interface CampaignStatus {
  id: string;
  state: CampaignState;
  /** Why it is paused or stopped. */
  reason: string | null;
  people: number;
  finished: number;
  counts: Counts;
  perMinute: number;
  endsAt: string | null;
  /** Whether a worker is active. */
  working: boolean;
  kind: "call" | "text";
  /** Milliseconds since 1970. */
  createdAt: number;
  created: string;
  started: string | null;
  ended: string | null;
  /** Nothing is sent before, because of a rate limit. */
  slowUntil: string | null;
  /** Money in US dollars, durations in seconds. */
  plan: { people: number; price: Range; duration: Range; limitedBy: string; quietNow: number; notes: string[] } | null;
  message: {
    agentId: string;
    numberIds: string[];
    initialGreeting?: string;
    systemPrompt?: string;
    body?: string;
  };
  limits: {
    perMinute: number;
    perNumber: number;
    longestCall: number;
    /** Minutes since midnight. */
    quietHours: { from: number; until: number } | null;
    zone: string;
  };
}

export interface Person {
  seq: number;
  recipient: string;
  variables: Record<string, string>;
  line: number;
  state: PersonState;
  reason: string | null;
  round: number;
  resultId: string | null;
  tries: number;
  placed: string | null;
  due: string | null;
  seconds: number | null;
  history: { round: number; state: PersonState; reason: string | null; resultId: string | null; at: string | null }[];
}

export interface Reason {
  state: PersonState;
  reason: string;
  people: number;
}
