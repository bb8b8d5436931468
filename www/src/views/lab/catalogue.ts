// What can be provoked: every code that the API documents, every class of status, and the ways in which an
// answer gets lost, late or spoiled. A row each, so that a new fault is a new row and nothing else.

import type { FaultRule } from "agentphone-wasm/sandbox";

/** What a fault does, without whom it hits and how often. */
type Action = Omit<FaultRule, "match" | "times">;

export const GROUPS = [
  "Codes of the API",
  "Statuses",
  "Connection",
  "Slow answers",
  "Answers that are none",
  "Rate limits and busy servers",
] as const;

/** One choice of the lab. */
export interface Fault {
  id: string;
  group: (typeof GROUPS)[number];
  label: string;
  /** What happens on the wire, one sentence or two. */
  about: string;
  action: Action;
  /** Milliseconds for one attempt, where the fault is a silence. */
  timeout?: number;
  /** So many at once, where the fault is a crowd. */
  burst?: number;
}

const code = (name: string, status: number, about: string, effect = false): Fault => ({
  id: name,
  group: "Codes of the API",
  label: `${name} (${status})`,
  about,
  action: effect ? { status, code: name, effect } : { status, code: name },
});

const row =
  (group: Fault["group"]) =>
  (id: string, label: string, about: string, action: Action, timeout?: number): Fault => ({
    id,
    group,
    label,
    about,
    action,
    ...(timeout === undefined ? {} : { timeout }),
  });

const status = row("Statuses");
const connection = row("Connection");
const slow = row("Slow answers");
const garbage = row("Answers that are none");
const busy = row("Rate limits and busy servers");

const DONE = "The operation is performed";
/** The shortest patience that a silence needs. */
const SILENCE = 1000;

export const FAULTS: readonly Fault[] = [
  code("VALIDATION_ERROR", 400, "The request is refused for what it says."),
  code("VALIDATION_ERROR_NUMBER_LIMIT", 400, "The account holds as many numbers as it may."),
  code("INSUFFICIENT_BALANCE", 402, "The balance is too low."),
  code("PHONE_NUMBER_NOT_FOUND", 404, "The number is absent or belongs to somebody else."),
  code("WHATSAPP_NOT_ENABLED", 403, "The feature is off."),
  code("INBOUND_ONLY", 400, "The line may only answer."),
  code("DELIVERY_UNCONFIRMED", 409, `${DONE}, but the API does not know whether it reached anybody.`, true),
  code("CARRIER_ERROR", 502, "The carrier failed; the API says that it did not happen."),
  code("TWILIO_ERROR", 502, "An older name of CARRIER_ERROR, which the client translates."),
  code("RATE_LIMIT_EXCEEDED", 429, "Too many requests, without a word on how long to wait."),
  code("RATE_LIMITED", 429, "The newer spelling of the same."),
  code("CONVERSATION_STREAK_LIMIT", 429, "Too many texts in a row without a reply. Time does not cure it."),
  code("CONVERSATION_AWAITING_REPLY", 429, "The first text has no reply yet. Time does not cure it."),
  code("CONVERSATION_INACTIVE", 429, "The conversation is asleep. Time does not cure it."),
  code("OUTBOUND_LIMIT_REACHED", 429, "The quota of the line is used up."),
  code("NEW_CONVERSATION_LIMIT_REACHED", 429, "The quota of new contacts is used up."),

  status("401", "401: the key is refused", "Without a code of the API's own.", { status: 401, shape: "detail" }),
  status("402", "402 without a code", "Payment required; the client makes the code from the status.", {
    status: 402,
    shape: "detail",
  }),
  status("403-text", "403 of the edge, as plain text", "Something before the API refuses.", {
    status: 403,
    shape: "text",
    message: "error code: 1010",
  }),
  status("404", "404 without a code", "There is no such thing.", { status: 404, shape: "detail" }),
  status("408", "408 without a body", "The server waited too long; whether it had begun is not known.", {
    status: 408,
    shape: "empty",
  }),
  status("409", "409 without a code", "A conflict with what there is.", { status: 409, shape: "detail" }),
  status("422", "422 of the framework", "The request is refused field by field.", { status: 422, shape: "fastapi" }),
  status("500", "500, and it did not happen", "The server failed before it began. Nobody outside can tell.", {
    status: 500,
    shape: "message",
  }),
  status("500-effect", "500 after it happened", `${DONE}, and then the server fails.`, {
    status: 500,
    shape: "detail",
    effect: true,
  }),
  status("502-html", "502 of the edge, as HTML", "A page in the place of an answer; nothing is performed.", {
    status: 502,
    shape: "html",
  }),
  status("broken-502", "502 with broken JSON", `${DONE}, and the edge answers with an error whose JSON breaks off.`, {
    status: 502,
    shape: "broken",
    effect: true,
  }),
  status("504-effect", "504 of the edge after it happened", `${DONE}, but took longer than the edge waits.`, {
    status: 504,
    shape: "html",
    effect: true,
  }),

  connection(
    "cut-before-effect",
    "Cut before it happens",
    "The connection breaks and nothing is performed. A browser cannot tell this from a lost answer.",
    { cut: "before-effect" },
  ),
  connection(
    "cut-before-headers",
    "Cut before the headers",
    `${DONE}, and then the connection breaks before any answer: a lost answer.`,
    { cut: "before-headers" },
  ),
  connection(
    "cut-after-headers",
    "Cut after the headers",
    `${DONE}; the head of the answer comes, and then the connection breaks.`,
    { cut: "after-headers" },
  ),
  connection("cut-mid-body", "Cut in mid-body", `${DONE}, and the connection breaks in the middle of the answer.`, {
    cut: "mid-body",
  }),

  slow(
    "stall-headers",
    "Silence before the headers",
    `${DONE}, and then nothing comes on an open connection.`,
    { stall: "headers" },
    SILENCE,
  ),
  slow(
    "stall-body",
    "Silence in mid-body",
    `${DONE}; half of the answer comes, and then nothing.`,
    { stall: "body" },
    SILENCE,
  ),
  slow("drip", "A slow drip", "The answer comes whole, 40 bytes every 50 ms.", { slow: { bytes: 40, everyMs: 50 } }),
  slow("late", "Late by 800 ms", "The answer is right, and takes its time.", { delayMs: 800 }),
  slow(
    "too-late",
    "Later than the timeout",
    `${DONE}, and the answer comes when nobody waits for it any more.`,
    { delayMs: 1500 },
    SILENCE,
  ),

  garbage("html-200", "HTML with status 200", `${DONE}, and something on the way answers with a page of its own.`, {
    garbage: "html",
  }),
  garbage("empty-200", "Empty answer with status 200", `${DONE}, and the answer has no body.`, { garbage: "empty" }),
  garbage("truncated-200", "Half a JSON with status 200", `${DONE}, and a proxy lets half of the answer through.`, {
    garbage: "truncated",
  }),
  garbage("text-200", "The text OK with status 200", `${DONE}, and the answer is no JSON.`, { garbage: "text" }),
  garbage("array-200", "An array with status 200", `${DONE}, and the answer is JSON of another kind.`, {
    garbage: "array",
  }),
  garbage("null-200", "null with status 200", `${DONE}, and the answer is nothing, in JSON.`, { garbage: "null" }),

  busy("503", "503 without Retry-After", `${DONE} all the same: a 503 alone does not say that it was not.`, {
    status: 503,
    shape: "html",
    effect: true,
  }),
  busy(
    "503-retry-after",
    "503 with Retry-After 1",
    "The server refuses and says when to come back. Nothing is performed.",
    { status: 503, shape: "detail", headers: { "retry-after": "1" } },
  ),
  busy("429", "429 without a code", "Too many requests, and no word more.", { status: 429, shape: "detail" }),
  busy(
    "429-retry-after",
    "Rate limit with Retry-After 2",
    "Too many requests; the API says when to come back. Nothing is performed.",
    { status: 429, code: "RATE_LIMIT_EXCEEDED", headers: { "retry-after": "2" } },
  ),
  busy("429-hour", "Rate limit with Retry-After of an hour", "Too long to wait for: the client says so at once.", {
    status: 429,
    code: "RATE_LIMIT_EXCEEDED",
    headers: { "retry-after": "3600" },
  }),
  {
    id: "burst",
    group: "Rate limits and busy servers",
    label: "Burst: 30 at once, 10 a second allowed",
    about:
      "Thirty requests leave together. The first refusal makes the client's rate limiter hold all of them; then they go through as fast as the limit lets them.",
    action: { limit: { requests: 10, perMs: 1000 } },
    burst: 30,
  },
];
