// How the console tells that something failed: the code, what it means and what to do, in the client's own
// words, which are written for that.

import { AgentPhoneError, type AnyAgentPhoneError } from "agentphone-wasm";
import { duration } from "./format.js";

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
  if (AgentPhoneError.is(error)) {
    if (error.code === "ABORTED") return null;
    return <ClientProblem error={error} {...(onRetry === undefined ? {} : { onRetry })} />;
  }
  return (
    <div class="problem" role="alert">
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {onRetry && <RetryButton onRetry={onRetry} />}
    </div>
  );
}

function ClientProblem({ error, onRetry }: { error: AnyAgentPhoneError; onRetry?: () => void }) {
  const next = error.outcomeUnknown ? LOOK[error.operation ?? ""] : NEXT[error.code];
  return (
    <div class={error.outcomeUnknown ? "problem unsure" : "problem"} role="alert" data-code={error.code}>
      <p>
        <code class={error.outcomeUnknown ? "badge unsure" : "badge bad"}>{error.code}</code>
        {error.outcomeUnknown && <strong> It may have happened all the same.</strong>}
      </p>
      <p>{error.message}</p>
      {error.details.length > 0 && (
        <ul>
          {error.details.map(({ field, message }) => (
            <li key={field + message}>
              <code>{field}</code>: {message}
            </li>
          ))}
        </ul>
      )}
      {error.retryAfter !== undefined && <p>Try again in {duration(Math.ceil(error.retryAfter))} (minutes:seconds).</p>}
      <div class="row">
        {next && <a href={next.href}>{next.text}</a>}
        {onRetry && !error.outcomeUnknown && <RetryButton onRetry={onRetry} />}
      </div>
    </div>
  );
}

const RetryButton = ({ onRetry }: { onRetry: () => void }) => (
  <button type="button" onClick={onRetry}>
    Try again
  </button>
);
