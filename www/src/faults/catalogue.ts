// What can be provoked: every code that the API documents, and the ways in which an answer gets lost,
// late or spoiled. A row each, so that a new fault is a new row and nothing else.

import type { FaultRule } from "../sandbox.js";

/** What a fault does, without whom it hits and how often. */
type Action = Omit<FaultRule, "match" | "times">;

/** One choice of the panel. */
export interface Fault {
  id: string;
  group: "Codes of the API" | "Connection" | "Answers that are none" | "Busy server";
  label: string;
  /** What happens on the wire, one sentence or two. */
  about: string;
  action: Action;
  /** Milliseconds for one attempt, where the fault is a silence. */
  timeout?: number;
}

const code = (name: string, status: number, about: string, effect = false): Fault => ({
  id: name,
  group: "Codes of the API",
  label: `${name} (${status})`,
  about,
  action: effect ? { status, code: name, effect } : { status, code: name },
});

const DONE = "The operation is performed";

export const FAULTS: readonly Fault[] = [
  code("VALIDATION_ERROR", 400, "The request is refused for what it says."),
  code("VALIDATION_ERROR_NUMBER_LIMIT", 400, "The account holds as many numbers as it may."),
  code("INSUFFICIENT_BALANCE", 402, "The balance is too low."),
  code("PHONE_NUMBER_NOT_FOUND", 404, "The number is absent or belongs to somebody else."),
  code("WHATSAPP_NOT_ENABLED", 403, "The feature is off."),
  code("INBOUND_ONLY", 400, "The line may only answer."),
  code("DELIVERY_UNCONFIRMED", 409, `${DONE}, but the API does not know whether it reached anybody.`, true),
  code("CARRIER_ERROR", 502, "The carrier failed; the API says that it did not happen."),
  code("RATE_LIMIT_EXCEEDED", 429, "Too many requests, without a word on how long to wait."),
  code("RATE_LIMITED", 429, "The newer spelling of the same."),
  code("CONVERSATION_STREAK_LIMIT", 429, "Too many texts in a row without a reply. Time does not cure it."),
  code("CONVERSATION_AWAITING_REPLY", 429, "The first text has no reply yet. Time does not cure it."),
  code("CONVERSATION_INACTIVE", 429, "The conversation is asleep. Time does not cure it."),
  code("OUTBOUND_LIMIT_REACHED", 429, "The quota of the line is used up."),
  code("NEW_CONVERSATION_LIMIT_REACHED", 429, "The quota of new contacts is used up."),
  {
    id: "cut-before-effect",
    group: "Connection",
    label: "Cut before it happens",
    about: "The connection breaks and nothing is performed. A browser cannot tell this from a lost answer.",
    action: { cut: "before-effect" },
  },
  {
    id: "cut-before-headers",
    group: "Connection",
    label: "Cut before the headers",
    about: `${DONE}, and then the connection breaks before any answer: a lost answer.`,
    action: { cut: "before-headers" },
  },
  {
    id: "cut-mid-body",
    group: "Connection",
    label: "Cut in mid-body",
    about: `${DONE}, and the connection breaks in the middle of the answer: a lost answer.`,
    action: { cut: "mid-body" },
  },
  {
    id: "stall-headers",
    group: "Connection",
    label: "Stall before the headers (timeout 1 s)",
    about: `${DONE}, and then nothing comes on an open connection.`,
    action: { stall: "headers" },
    timeout: 1000,
  },
  {
    id: "stall-body",
    group: "Connection",
    label: "Stall in mid-body (timeout 1 s)",
    about: `${DONE}; half of the answer comes, and then nothing.`,
    action: { stall: "body" },
    timeout: 1000,
  },
  {
    id: "html-200",
    group: "Answers that are none",
    label: "HTML with status 200",
    about: `${DONE}, and something on the way answers with a page of its own.`,
    action: { garbage: "html" },
  },
  {
    id: "empty-200",
    group: "Answers that are none",
    label: "Empty answer with status 200",
    about: `${DONE}, and the answer has no body.`,
    action: { garbage: "empty" },
  },
  {
    id: "broken-502",
    group: "Answers that are none",
    label: "Broken JSON with status 502",
    about: `${DONE}, and the edge answers with an error whose JSON breaks off.`,
    action: { status: 502, shape: "broken", effect: true },
  },
  {
    id: "503",
    group: "Busy server",
    label: "503 without Retry-After",
    about: `${DONE} all the same: a 503 alone does not say that it was not.`,
    action: { status: 503, shape: "html", effect: true },
  },
  {
    id: "503-retry-after",
    group: "Busy server",
    label: "503 with Retry-After 1",
    about: "The server refuses and says when to come back. Nothing is performed.",
    action: { status: 503, shape: "detail", headers: { "retry-after": "1" } },
  },
  {
    id: "429-retry-after",
    group: "Busy server",
    label: "Rate limit with Retry-After 2",
    about: "Too many requests; the API says when to come back. Nothing is performed.",
    action: { status: 429, code: "RATE_LIMIT_EXCEEDED", headers: { "retry-after": "2" } },
  },
];
