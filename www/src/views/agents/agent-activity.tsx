// What an agent did lately: its latest calls and conversations.

import type { Agent } from "agentphone-wasm";
import { useApi } from "../../data/queries.js";
import { Loaded } from "../../ui/states.js";
import { Phone, Status, When } from "../../ui/values.js";

const LATEST = 5;
const LOOK_EVERY = 3000;

/** Both cards. */
export function AgentActivity({ agent: { id } }: { agent: Agent }) {
  const calls = useApi(
    ["calls", "of", id],
    (client, signal) => client.agents.calls.list(id, { limit: LATEST }, { signal }).then(({ data }) => data),
    { every: LOOK_EVERY },
  );
  const threads = useApi(
    ["conversations", "of", id],
    (client, signal) => client.agents.conversations.list(id, { limit: LATEST }, { signal }).then(({ data }) => data),
    { every: LOOK_EVERY },
  );
  return (
    <>
      <section class="card">
        <div class="row between">
          <h2>Latest calls</h2>
          <a class="small" href={`#/calls?agent=${id}`}>
            All its calls
          </a>
        </div>
        <Loaded from={calls} what="its calls">
          {(data) =>
            data.length === 0 ? (
              <p class="muted">None yet.</p>
            ) : (
              <ul class="plain-list" aria-label="Latest calls">
                {data.map(({ id: call, direction, fromNumber, toNumber, status, startedAt }) => (
                  <li key={call} class="row between">
                    <a href={`#/calls/${call}`}>
                      {direction === "inbound" ? "From " : "To "}
                      <Phone value={direction === "inbound" ? fromNumber : toNumber} />
                    </a>
                    <span class="row tight">
                      <Status value={status} />
                      <span class="muted small">
                        <When at={startedAt} />
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
      <section class="card">
        <div class="row between">
          <h2>Latest conversations</h2>
          <a class="small" href={`#/conversations?agent=${id}`}>
            All of them
          </a>
        </div>
        <Loaded from={threads} what="its conversations">
          {(data) =>
            data.length === 0 ? (
              <p class="muted">None yet.</p>
            ) : (
              <ul class="plain-list" aria-label="Latest conversations">
                {data.map(({ id: thread, participant, lastMessagePreview, lastMessageAt }) => (
                  <li key={thread}>
                    <div class="row between">
                      <a href={`#/conversations/${thread}`}>
                        <Phone value={participant} />
                      </a>
                      <span class="muted small">
                        <When at={lastMessageAt} />
                      </span>
                    </div>
                    {lastMessagePreview !== undefined && <p class="small muted cut">{lastMessagePreview}</p>}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </section>
    </>
  );
}
