// What else is known of a call.

import type { Call } from "agentphone-wasm";
import { useApi } from "../../data/queries.js";
import { control, isLive } from "../../session/session.js";
import { words } from "../../ui/format.js";
import { Person } from "../../ui/person.js";
import { Copyable, Phone, Tag, When } from "../../ui/values.js";
import styles from "./call.module.css";
import { goesOn } from "./words.js";

/** Numbers, agent, times, ids, and how it went. */
export function Details({ call }: { call: Call }) {
  const { id, agentId, agentName, phoneNumberId, phoneNumber, retellCallId } = call;
  const agent = agentName ?? agentId;
  return (
    <section class="card" aria-labelledby="details">
      <h2 id="details">Details</h2>
      <dl class="terms">
        <dt>From</dt>
        <dd>
          <Person phone={call.fromNumber} />
        </dd>
        <dt>To</dt>
        <dd>
          <Person phone={call.toNumber} />
        </dd>
        <dt>Direction</dt>
        <dd>{words(call.direction ?? "unknown")}</dd>
        <dt>Agent</dt>
        <dd>
          {agentId === null || agentId === undefined ? (
            <span class="muted">{agent ?? "none"}</span>
          ) : (
            <a href={`#/agents/${agentId}`}>{agent}</a>
          )}
        </dd>
        {phoneNumberId && (
          <>
            <dt>Number</dt>
            <dd>
              <a href={`#/numbers/${phoneNumberId}`}>
                <Phone value={phoneNumber ?? phoneNumberId} />
              </a>
            </dd>
          </>
        )}
        <dt>Started</dt>
        <dd>
          <When at={call.startedAt} />
        </dd>
        <dt>Ended</dt>
        <dd>
          <When at={call.endedAt} />
        </dd>
        {retellCallId && (
          <>
            <dt>Provider's id</dt>
            <dd>
              <code>{retellCallId}</code>
            </dd>
          </>
        )}
        <dt>Id</dt>
        <dd>
          <Copyable value={id} label="the id of the call" />
        </dd>
      </dl>
    </section>
  );
}

/** What the event `agent.call_ended` tells, and some answers do too. */
interface Outcome {
  summary?: unknown;
  userSentiment?: unknown;
  callSuccessful?: unknown;
  disconnectionReason?: unknown;
}

const REASONS: Record<string, string> = {
  user_hangup: "The other side hung up",
  agent_hangup: "The agent hung up",
  call_transfer: "Handed over to a person",
  dial_busy: "The line was busy",
  dial_no_answer: "No answer",
  dial_failed: "The carrier could not connect it",
  registered_call_timeout: "No browser joined in time",
};
const MOODS: Record<string, "good" | "bad"> = { Positive: "good", Negative: "bad" };

/** Where summaries are sent instead: nothing is said until it is known whether a webhook gets them. */
function WhereSummariesGo({ agentId }: { agentId: string | null | undefined }) {
  const { data: set } = useApi(["webhooks", "any", agentId], async (client, signal) => {
    if ((await client.webhooks.get({ signal })) !== null) return true;
    return agentId ? (await client.agents.webhook.get(agentId, { signal })) !== null : false;
  });
  if (set === undefined) return null;
  return (
    <p class="hint">
      AgentPhone sends summary, sentiment and success only to webhooks, with the event <code>agent.call_ended</code>.{" "}
      {set ? (
        <>
          A webhook is set: <a href="#/webhooks">see its deliveries</a>.
        </>
      ) : (
        <>
          <a href="#/webhooks">Set a webhook</a> to get them.
        </>
      )}
    </p>
  );
}

/** How it went. The API promises it only to webhooks; the sandbox knows it, and where an answer has it, it is shown. */
export function HowItWent({ call }: { call: Call }) {
  const over = !goesOn(call);
  // No fields of the API's calls, but the sandbox knows them.
  const { data: sandbox } = useApi(
    ["calls", call.id, "outcome"],
    () => control<Outcome>("GET", `calls/${encodeURIComponent(call.id)}`),
    { enabled: over && !isLive() },
  );
  if (!over) return null;
  const { summary, userSentiment, callSuccessful, disconnectionReason }: Outcome = { ...sandbox, ...call };
  return (
    <section class={`card ${styles.outcome}`} aria-labelledby="outcome">
      <h2 id="outcome">How it went</h2>
      {typeof summary === "string" && <p>{summary}</p>}
      <dl class="terms">
        {typeof callSuccessful === "boolean" && (
          <>
            <dt>Success</dt>
            <dd>
              <Tag tone={callSuccessful ? "good" : "bad"}>{callSuccessful ? "Successful" : "Not successful"}</Tag>
            </dd>
          </>
        )}
        {typeof userSentiment === "string" && (
          <>
            <dt>Sentiment</dt>
            <dd>
              <Tag tone={MOODS[userSentiment] ?? "plain"}>{userSentiment}</Tag>
            </dd>
          </>
        )}
        {typeof disconnectionReason === "string" && (
          <>
            <dt>End</dt>
            <dd title={disconnectionReason}>{REASONS[disconnectionReason] ?? words(disconnectionReason)}</dd>
          </>
        )}
      </dl>
      {typeof summary !== "string" && <WhereSummariesGo agentId={call.agentId} />}
    </section>
  );
}
