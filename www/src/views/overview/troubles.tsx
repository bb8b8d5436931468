// Errors and retries as they happen, as the hooks of the console's own client tell them.

import { type Trouble, totals, troubles } from "../../session/activity.js";
import { isLive } from "../../session/session.js";
import { clock, count, fully, millis, number } from "../../ui/format.js";
import styles from "./latest.module.css";

const SHOWN = 20;

/** The log. */
export function Troubles() {
  const { requests, retries, errors } = totals.value;
  const list = troubles.value;
  return (
    <section class="card" aria-labelledby="troubles-heading">
      <div class="row between">
        <h2 id="troubles-heading">Errors and retries as they happen</h2>
        <span class="muted small">
          {count(requests, "request")}, {count(retries, "retry", "retries")}, {count(errors, "error")} since this page
          was loaded
        </span>
      </div>
      {list.length === 0 && (
        <p class="muted">
          Nothing has gone wrong. When something does, this is where you see what the client did about it.{" "}
          {!isLive() && <a href="#/lab">Break something on purpose in the fault lab</a>}
        </p>
      )}
      <div role="log" aria-label="Errors and retries">
        <ol class={`plain-list ${styles.troubles}`}>
          {list.slice(0, SHOWN).map((trouble) => (
            <Row key={trouble.id} trouble={trouble} />
          ))}
        </ol>
      </div>
      {list.length > SHOWN && <p class="muted small">and {number(list.length - SHOWN)} before these</p>}
    </section>
  );
}

function Row({ trouble }: { trouble: Trouble }) {
  const { at, kind, operation, code, message, outcomeUnknown } = trouble;
  return (
    <li data-kind={kind}>
      <time dateTime={at.toISOString()} title={fully(at)} class="muted">
        {clock(at)}
      </time>
      <code class={`badge ${kind === "retry" || outcomeUnknown ? "unsure" : "bad"}`}>{code}</code>
      <code>{operation}</code>
      <span title={message}>{did(trouble)}</span>
    </li>
  );
}

function did({ kind, attempt, delay = 0, outcomeUnknown }: Trouble): string {
  if (kind === "retry") return `Attempt ${attempt} failed; it tries again after ${millis(delay)}.`;
  const tries = attempt === 0 ? "before it was sent" : `after ${count(attempt, "attempt")}`;
  return outcomeUnknown ? `Stopped ${tries}: it may have happened, so it is not sent again.` : `Given up ${tries}.`;
}
