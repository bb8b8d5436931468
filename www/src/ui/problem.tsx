// How the console tells that something failed: what it means and what to do, in plain words, with the rest behind
// "Details".

import { AgentPhoneError, type AnyAgentPhoneError } from "agentphone-wasm";
import { useContext } from "preact/hooks";
import { lost } from "../session/connection.js";
import { fieldWords, sameField, textOf, titleOf } from "./error-words.js";
import { duration } from "./format.js";
import { MarkedFields } from "./marked-fields.js";
import { ProblemDetails } from "./problem-details.js";

/** What else helps, for codes that a click can mend. The message says the rest. */
const NEXT: Partial<Record<string, { text: string; href: string }>> = {
  INSUFFICIENT_BALANCE: { text: "See the balance", href: "#/" },
  PHONE_NUMBER_NOT_FOUND: { text: "See your numbers", href: "#/numbers" },
  VALIDATION_ERROR_NUMBER_LIMIT: { text: "Release a number that you do not use", href: "#/numbers" },
  LANE_IN_DOUBT: { text: "See what is in doubt", href: "#/in-doubt" },
  UNAUTHORIZED: { text: "The key was refused: check AGENTPHONE_API_KEY and start again", href: "#/" },
};

/** Where to look whether it happened all the same. */
const LOOK: Record<string, { text: string; href: string }> = {
  "calls.create": { text: "Look at the calls before you place it again", href: "#/calls" },
  "messages.send": { text: "Look at the conversation before you send it again", href: "#/conversations" },
  "numbers.buy": { text: "Look at your numbers before you buy again", href: "#/numbers" },
};

/** An error, shown where the thing is that failed. Nothing for none, and for what the page itself aborted. */
export function Problem({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (error === undefined || error === null) return null;
  // One notice above the view covers everything that is read; failures of actions are shown at the action.
  const quiet = lost.value !== undefined && onRetry !== undefined;
  if (AgentPhoneError.is(error)) {
    if (error.code === "ABORTED") return null;
    if (quiet && !error.outcomeUnknown && isOfConnection(error.code)) return null;
    return <ClientProblem error={error} {...(onRetry === undefined ? {} : { onRetry })} />;
  }
  if (quiet) return null;
  return (
    <div class="problem" role="alert">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {onRetry && <RetryButton onRetry={onRetry} />}
    </div>
  );
}

const isOfConnection = (code: string): boolean => code === "CONNECTION_ERROR" || code === "TIMEOUT";

function ClientProblem({ error, onRetry }: { error: AnyAgentPhoneError; onRetry?: () => void }) {
  const next = error.outcomeUnknown ? LOOK[error.operation ?? ""] : NEXT[error.code];
  const title = titleOf(error);
  const text = textOf(error);
  // What stands at its field is not told twice.
  const marked = useContext(MarkedFields);
  const rest = error.details.filter(({ field }) => !marked.has(sameField(field)));
  return (
    <div class={error.outcomeUnknown ? "problem unsure" : "problem"} role="alert" data-code={error.code}>
      <p>
        <strong>{error.outcomeUnknown ? "It may have happened anyway." : title}</strong>{" "}
        <code class={error.outcomeUnknown ? "badge unsure" : "badge bad"}>{error.code}</code>
      </p>
      {text !== "" && <p>{text}</p>}
      {rest.length > 0 && (
        <ul>
          {rest.map(({ field, message }) => (
            <li key={field + message}>
              <span title={field}>{fieldWords(field)}</span>: {message}
            </li>
          ))}
        </ul>
      )}
      {marked.size > 0 && rest.length < error.details.length && (
        <p>{error.details.length - rest.length === 1 ? "Correct the marked field." : "Correct the marked fields."}</p>
      )}
      {error.retryAfter !== undefined && <p>Try again in {duration(Math.ceil(error.retryAfter))} (minutes:seconds).</p>}
      <div class="row">
        {next && <a href={next.href}>{next.text}</a>}
        {onRetry && !error.outcomeUnknown && <RetryButton onRetry={onRetry} />}
        <ProblemDetails error={error} />
      </div>
    </div>
  );
}

const RetryButton = ({ onRetry }: { onRetry: () => void }) => (
  <button type="button" onClick={onRetry}>
    Try again
  </button>
);
