// Compares what the client told with what really happened, in words. Pure, so that it can be read and
// checked as a table.

import { count, number } from "../../ui/format.js";
import type { BurstReport } from "./burst.js";
import type { Report } from "./run.js";

/** A comparison. */
export interface Verdict {
  /** good: told truly; unsure: told that it cannot know; bad: told wrongly, or happened twice. */
  tone: "good" | "unsure" | "bad";
  /** In three words. */
  name: string;
  text: string;
}

const good = (text: string): Verdict => ({ tone: "good", name: "Outcome: correct", text });
const unsure = (text: string): Verdict => ({ tone: "unsure", name: "Outcome: unknown", text });
const bad = (name: string, text: string): Verdict => ({ tone: "bad", name, text });

/** What to make of a run. */
export function judge(report: Report): Verdict {
  const { choice, told, happened, received, sent } = report;
  if (told.ok && told.flaw !== undefined) return bad("Told wrongly", told.flaw);
  if (choice.operation.kind !== "effect") return harmless(report);
  // A browser may send a request again by itself when a connection that it has used before closes.
  if (happened > 1 && received > sent) {
    return bad(
      "Happened twice",
      `It happened twice. The client sent ${count(sent, "request")}; the browser sent the same again by itself, unseen by the client.`,
    );
  }
  if (happened > 1) return bad("Happened twice", "It happened more than once, and that is a defect of the client.");
  if (told.ok) {
    return happened === 1
      ? good("The client says that it is done, and it happened once.")
      : bad("Told wrongly", "The client says that it is done, and it never happened.");
  }
  if (told.error.outcomeUnknown) {
    return happened === 1
      ? unsure("It had happened. A blind repeat would have done it twice; the client did not repeat it.")
      : unsure("This time it had not happened, but from here the two look alike.");
  }
  return happened === 0
    ? good("The client is sure that it did not happen, and it did not.")
    : bad("Told wrongly", "The client is sure that it did not happen, and yet it did.");
}

function harmless({ choice, told }: Report): Verdict {
  const why = choice.operation.kind === "read" ? "A read changes nothing" : "A repeat leaves the same state";
  if (told.ok) return good(`${why}, so the client could try until it worked.`);
  return good(`${why}: whatever happened, it is safe to try again.`);
}

/** What to make of a crowd. */
export function judgeBurst({ choice, succeeded, failed, happened, sent, received }: BurstReport): Verdict {
  const effect = choice.operation.kind === "effect";
  if (effect && happened > succeeded + failed.filter(({ outcomeUnknown }) => outcomeUnknown).length) {
    return bad(
      "Happened too often",
      `It happened ${count(happened, "time")} for ${count(succeeded, "success", "successes")}.`,
    );
  }
  if (happened < succeeded)
    return bad(
      "Told wrongly",
      `The client reports ${count(succeeded, "success", "successes")}, and the ledger ${number(happened)}.`,
    );
  if (received > sent) return bad("Sent again", "The browser sent requests again by itself, unseen by the client.");
  if (failed.length > 0)
    return good(`${number(succeeded)} succeeded and ${number(failed.length)} did not, and the ledger says the same.`);
  return good(
    `All ${number(succeeded)} succeeded, each once. The rate limiter kept the rest waiting instead of spending the allowance on refusals.`,
  );
}
