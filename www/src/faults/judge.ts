// Compares what the client told with what really happened, in words. Pure, so that it can be read
// and checked as a table.

import { count } from "../format.js";
import type { Report } from "./run.js";

/** A comparison. */
export interface Verdict {
  /** good: told truly; unsure: told that it cannot know; bad: told wrongly, or happened twice. */
  tone: "good" | "unsure" | "bad";
  text: string;
}

/** Requests that the client sent. */
export const sent = ({ told }: Report): number => (told.ok ? told.attempts : told.error.attempts);

/** What to make of a run. */
export function judge(report: Report): Verdict {
  const { request, told, happened, received } = report;
  const repeated = received - sent(report);
  if (request.operation.kind !== "effect") return harmless(report);
  if (happened > 1 && repeated > 0) {
    return {
      tone: "bad",
      text: `It happened twice. The client sent ${count(sent(report), "request")}; the browser sent the same again by itself and told nobody.`,
    };
  }
  if (happened > 1) return { tone: "bad", text: "It happened more than once, and that is a defect of the client." };
  if (told.ok) {
    return happened === 1
      ? { tone: "good", text: "The client says that it is done, and it happened once." }
      : { tone: "bad", text: "The client says that it is done, and it never happened." };
  }
  if (told.error.outcomeUnknown) {
    return happened === 1
      ? { tone: "unsure", text: "It had happened. A blind repeat would have done it twice; the client did not repeat it." }
      : { tone: "unsure", text: "This time it had not happened, but from here nobody can tell the two apart." };
  }
  return happened === 0
    ? { tone: "good", text: "The client is sure that it did not happen, and it did not." }
    : { tone: "bad", text: "The client is sure that it did not happen, and yet it did." };
}

function harmless({ request, told }: Report): Verdict {
  const why = request.operation.kind === "read" ? "A read changes nothing" : "A repeat leaves the same state";
  if (told.ok) return { tone: "good", text: `${why}, so the client could try until it worked.` };
  return { tone: "good", text: `${why}: whatever happened, it is safe to try again.` };
}
