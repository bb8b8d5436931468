// What can be provoked: every code that the API documents, every class of status, and the ways in which an
// answer gets lost, late or spoiled. A row each, so that a new fault is a new row and nothing else.

import type { FaultRule } from "agentphone-wasm/sandbox";
import type { Operation } from "./operations.js";

type OperationId = Operation["id"];

/** What a fault does, without whom it hits and how often. */
type Action = Omit<FaultRule, "match" | "times">;

export const GROUPS = [
  "Codes of the API",
  "Statuses",
  "Connection",
  "Races",
  "Slow answers",
  "Invalid responses",
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
  /** The operations that it can be tried on; absent for all. */
  operations?: readonly OperationId[];
  /** Milliseconds until all has happened, where some of it comes after the response. */
  settles?: number;
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

const race = (
  id: string,
  label: string,
  about: string,
  action: Action,
  operations: readonly OperationId[],
  settles?: number,
): Fault => ({
  id,
  group: "Races",
  label,
  about,
  action,
  operations,
  ...(settles === undefined ? {} : { settles }),
});

const status = row("Statuses");
const connection = row("Connection");
const slow = row("Slow answers");
const garbage = row("Invalid responses");
const busy = row("Rate limits and busy servers");

const DONE = "The operation is performed";
/** What makes something that a list shows. */
const EFFECTS = ["calls.create", "messages.send", "numbers.buy"] as const;
/** What somebody else may do to the same person at the same time. */
const LANES = ["calls.create", "messages.send"] as const;
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
  status("404", "404 without a code", "No such thing exists.", { status: 404, shape: "detail" }),
  status("408", "408 without a body", "The server waited too long; whether it had begun is not known.", {
    status: 408,
    shape: "empty",
  }),
  status("409", "409 without a code", "A conflict with what there is.", { status: 409, shape: "detail" }),
  status("422", "422 of the framework", "The request is refused field by field.", { status: 422, shape: "fastapi" }),
  status("500", "500, and it did not happen", "The server failed before it began, which cannot be seen from outside.", {
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

  race(
    "late-effect",
    "Lost, and it happens later",
    "The connection breaks and nothing is performed; a second later it is performed anyway.",
    { late: { afterMs: 1000 } },
    EFFECTS,
    1200,
  ),
  race(
    "late-504",
    "504, and it happens later",
    "The edge gives up waiting; a second later the operation is performed anyway.",
    { status: 504, shape: "html", late: { afterMs: 1000 } },
    EFFECTS,
    1200,
  ),
  race(
    "unlisted",
    "Lost, and nothing shows it for 10 s",
    `${DONE} and billed, and the connection breaks; no list, search or read shows it for 10 s.`,
    { cut: "before-headers", unlisted: { forMs: 10_000 } },
    EFFECTS,
  ),
  race(
    "list-lag",
    "Lost, and lists show it 10 s later",
    `${DONE}, and the connection breaks; a read by id finds it at once, and lists after 10 s.`,
    { cut: "before-headers", unlisted: { forMs: 10_000, from: "lists" } },
    EFFECTS,
  ),
  race(
    "foreign",
    "Lost, and somebody else does the same",
    `${DONE}, and the connection breaks; half a second later somebody else does the same. One of the two is yours.`,
    { cut: "before-headers", foreign: { afterMs: 500 } },
    LANES,
    700,
  ),
  race(
    "foreign-only",
    "Not done, and somebody else does the same",
    "The connection breaks and nothing is performed; half a second later somebody else does the same. It is not yours.",
    { cut: "before-effect", foreign: { afterMs: 500 } },
    LANES,
    700,
  ),
  race(
    "foreign-first",
    "Somebody else first, and then it happens",
    "The connection breaks; half a second later somebody else does the same, and half a second after that it is performed anyway.",
    { late: { afterMs: 1000 }, foreign: { afterMs: 500 } },
    LANES,
    1200,
  ),
  race(
    "started-at",
    "startedAt is when it was answered",
    "The call has no startedAt until somebody answers, and then the time of that: later than the request.",
    { startedAt: "answered" },
    ["calls.create"],
  ),
  race("lag", "A list 10 s behind", "The list does not show what was made in the last 10 s.", { lagMs: 10_000 }, [
    "calls.list",
  ]),
  race(
    "shuffled",
    "A list in disorder",
    "The list comes in another order than the newest first.",
    { order: "shuffled" },
    ["calls.list"],
  ),

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
    `${DONE}, and the answer comes when it is no longer waited for.`,
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

  busy("503", "503 without Retry-After", `${DONE} nevertheless: a 503 alone does not say that it was not.`, {
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
