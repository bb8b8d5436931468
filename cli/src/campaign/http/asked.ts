// What a request asks for: its path and query, read strictly, so that a typing mistake is an error and not ignored.

import { ID } from "../core/key.js";
import { FINAL, OPEN, type PersonState, RETRYABLE, type Retryable } from "../types.js";

/** A response with a status and a code. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const ACTIONS = ["start", "pause", "resume", "stop", "retry"] as const;
export type Action = (typeof ACTIONS)[number];

const READS = ["people", "reasons", "report"] as const;

export type Asked =
  | { readonly what: "list" }
  | { readonly what: "campaign" | (typeof READS)[number]; readonly id: string }
  | { readonly what: Action; readonly id: string };

const noPath = (): Refusal => new Refusal(404, "NOT_FOUND", "there is nothing at this path");

const isOneOf = <T extends string>(words: readonly T[], word: string): word is T => words.includes(word as T);

/** The meaning of a method and of the path below that of the handler. */
export const askedBy = (method: string, below: string): Asked => {
  const [, id, name, rest] = /^(?:\/([^/]+)(?:\/([^/]+))?)?(.*)$/s.exec(below) ?? [];
  if (rest !== "" || (id !== undefined && !ID.test(id))) throw noPath();
  const isAction = name !== undefined && isOneOf(ACTIONS, name);
  if (name !== undefined && !isAction && !isOneOf(READS, name)) throw noPath();
  const allowed = isAction ? "POST" : "GET";
  if (method !== allowed)
    throw new Refusal(405, "METHOD_NOT_ALLOWED", `${method} is not possible here`, { allow: allowed });
  if (id === undefined) return { what: "list" };
  return { what: (name ?? "campaign") as "campaign" | Action, id };
};

const STATES: readonly PersonState[] = [...OPEN, ...FINAL];
const MOST_PEOPLE = 500;
const USUAL_PEOPLE = 100;

const wrong = (message: string): Refusal => new Refusal(400, "INVALID_ARGUMENT", message);

/** Where a page of people begins. Without a filter, people in doubt come first: they wait for somebody. */
export interface Place {
  readonly phase: number;
  readonly after: number;
}

export interface PeopleAsked {
  /** People of the first phase come before those of the second. */
  readonly phases: readonly (readonly PersonState[])[];
  readonly from: Place;
  readonly limit: number;
}

/** The query of a page of people: `state=failed,busy`, `limit`, `from`. */
export const peopleAsked = (query: URLSearchParams): PeopleAsked => {
  const states = (query.get("state") ?? "").split(",").filter((word) => word !== "");
  if (!states.every((word) => isOneOf(STATES, word))) throw wrong(`state must be one or more of ${STATES.join(", ")}`);
  const limit = query.get("limit") ?? String(USUAL_PEOPLE);
  if (!/^\d{1,3}$/.test(limit) || Number(limit) < 1 || Number(limit) > MOST_PEOPLE)
    throw wrong(`limit must be a number from 1 to ${MOST_PEOPLE}`);
  const [, phase, after] = /^([01])\.(\d{1,9})$/.exec(query.get("from") ?? "0.0") ?? [];
  if (phase === undefined) throw wrong("from must be the value of next in the page before");
  const rest = STATES.filter((state) => state !== "doubt");
  return {
    phases: states.length > 0 ? [[...new Set(states as PersonState[])]] : [["doubt"], rest],
    from: { phase: Number(phase), after: Number(after) },
    limit: Number(limit),
  };
};

/** The body of an action. */
export interface ActionAsked {
  /** The campaign that was looked at: another one with the same id is not meant. */
  readonly createdAt: number | undefined;
  readonly only: readonly Retryable[];
}

const MOST_BODY = 10_000;

/** Reads the body. Its type must be JSON, which a page of another origin cannot send without being asked first. */
export const actionAsked = async (request: Request): Promise<ActionAsked> => {
  if (!/^application\/json *(;|$)/i.test(request.headers.get("content-type") ?? ""))
    throw new Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "the body must be application/json");
  const text = await request.text();
  if (text.length > MOST_BODY) throw new Refusal(413, "TOO_LARGE", "the body is too long");
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw wrong("the body is not JSON");
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw wrong("the body must be an object");
  const { createdAt, only = [] } = body as { createdAt?: unknown; only?: unknown };
  if (createdAt !== undefined && typeof createdAt !== "number") throw wrong("createdAt must be a number");
  if (!Array.isArray(only) || !only.every((word) => isOneOf(RETRYABLE, String(word))))
    throw wrong(`only must be a list of ${RETRYABLE.join(", ")}`);
  return { createdAt, only };
};
