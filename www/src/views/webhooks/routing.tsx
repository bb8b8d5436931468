// Which agents have a webhook of their own: an event goes there, else to the project's, never to both.

import type { Agent, AgentPhone } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { useApi } from "../../data/queries.js";
import { isLive } from "../../session/session.js";
import { number } from "../../ui/format.js";
import { Loaded } from "../../ui/states.js";
import styles from "./webhooks.module.css";

/** The API does not tell it in one answer: each agent is a request, so only so many are asked, a few at once. */
const ASKED = 50;
const AT_ONCE = 6;

/** An agent with a webhook of its own. */
export interface Routed {
  agent: Agent;
  url: string;
}

interface Routing {
  own: Routed[];
  asked: number;
  total: number;
}

async function readRouting(client: AgentPhone, signal: AbortSignal): Promise<Routing> {
  const { data, total } = await client.agents.list({ limit: ASKED }, { signal });
  const own: Routed[] = [];
  for (let from = 0; from < data.length; from += AT_ONCE) {
    const some = data.slice(from, from + AT_ONCE);
    const found = await Promise.all(some.map(({ id }) => client.agents.webhook.get(id, { signal })));
    some.forEach((agent, place) => {
      const webhook = found[place];
      if (webhook) own.push({ agent, url: webhook.url });
    });
  }
  return { own, asked: data.length, total: total ?? data.length };
}

/** Asked at once on a sandbox; a real account counts requests, so that one asks for it there. */
export const useRouting = (wanted: boolean) => useApi(["webhooks", "routing"], readRouting, { enabled: wanted });

/** The card. */
export function RoutingCard() {
  const [wanted, want] = useState(!isLive());
  const routing = useRouting(wanted);
  return (
    <section class="card" aria-label="Routing">
      <h2>Routing</h2>
      <p class="muted small">
        An event goes to the webhook of its agent; if that has none, to the project's. Never to both.
      </p>
      {!wanted && !routing.data ? (
        <div class="row">
          <button type="button" onClick={() => want(true)}>
            Which agents have their own?
          </button>
        </div>
      ) : (
        <Loaded from={routing} what="the agents' webhooks">
          {({ own, asked, total }) => (
            <>
              {own.length === 0 ? (
                <p>{total === 0 ? "No agents yet." : "No agent has one of its own: all events go to the project's."}</p>
              ) : (
                <ul class={`plain-list ${styles.routes}`} aria-label="Agents with a webhook of their own">
                  {own.map(({ agent, url }) => (
                    <li key={agent.id}>
                      <div class="row between nowrap">
                        <a class="cut" href={`#/agents/${agent.id}`}>
                          {agent.name}
                        </a>
                        <a
                          class="small"
                          href={`#/webhooks?agent=${agent.id}`}
                          aria-label={`Deliveries of ${agent.name}`}
                        >
                          Deliveries
                        </a>
                      </div>
                      <code class="small muted cut" title={url}>
                        {url}
                      </code>
                    </li>
                  ))}
                </ul>
              )}
              {total > asked && (
                <p class="muted small">
                  The latest {number(asked)} of {number(total)} agents were asked.
                </p>
              )}
            </>
          )}
        </Loaded>
      )}
    </section>
  );
}
