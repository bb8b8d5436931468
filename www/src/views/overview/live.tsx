// The calls that go on right now, each with its last words.

import type { CallSummary } from "agentphone-wasm";
import { useEffect, useState } from "preact/hooks";
import { openPlaceCall } from "../../app/place-call.js";
import { count, duration } from "../../ui/format.js";
import { Person } from "../../ui/person.js";
import { Waiting } from "../../ui/states.js";
import { Status } from "../../ui/values.js";
import { useLatestCalls, useLiveCalls } from "./data.js";
import { otherSide } from "./latest.js";
import styles from "./live.module.css";

/** More than these make no overview. */
const SHOWN = 6;
const SECOND = 1000;

/** The strip. */
export function LiveCalls() {
  const known = useLiveCalls();
  const failed = useLatestCalls().error !== null;
  const calls = known ?? [];
  const now = useNow(calls.length > 0);
  const rest = calls.length - SHOWN;
  return (
    <section class={`card ${styles.live}`} aria-labelledby="live-heading">
      <div class="row between">
        <h2 id="live-heading">Live calls</h2>
        <span class="muted small" role="status">
          {known === undefined ? "" : calls.length === 0 ? "No call is live" : `${count(calls.length, "call")} now`}
        </span>
      </div>
      {known === undefined && failed ? (
        <p class="waiting">The calls cannot be read at the moment.</p>
      ) : known === undefined ? (
        <Waiting what="the live calls" />
      ) : calls.length === 0 ? (
        <p class="row muted">
          Place a call and watch it being spoken here.
          <button type="button" onClick={() => openPlaceCall()}>
            Call somebody
          </button>
        </p>
      ) : (
        <ul class={styles.strip}>
          {calls.slice(0, SHOWN).map((call) => (
            <LiveCall key={call.id} call={call} now={now} />
          ))}
        </ul>
      )}
      {rest > 0 && <a href="#/calls?status=in-progress">and {rest} more</a>}
    </section>
  );
}

function LiveCall({ call, now }: { call: CallSummary; now: number }) {
  const { id, status, agentName, startedAt, lastTranscriptSnippet } = call;
  const seconds = Math.max(0, (now - Date.parse(startedAt)) / SECOND);
  return (
    <li>
      <a href={`#/calls/${encodeURIComponent(id)}`}>
        <span class="row between">
          <strong>
            <Person phone={otherSide(call)} alone />
          </strong>
          <span class="muted figures">{duration(seconds)}</span>
        </span>
        <span class="row">
          <Status value={status} />
          <span class="muted small">
            {call.direction === "inbound" ? "calls" : "called by"} {agentName ?? "no agent"}
          </span>
        </span>
        <span class={styles.words}>{lastTranscriptSnippet ?? "Nothing has been said yet."}</span>
      </a>
    </li>
  );
}

/** The time, running while somebody needs it. */
function useNow(running: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), SECOND);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
