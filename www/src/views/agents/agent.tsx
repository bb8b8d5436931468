// One agent: what it is set to, and beside it what belongs to it.

import type { Agent } from "agentphone-wasm";
import { Copy, PhoneOutgoing, Trash2 } from "lucide-preact";
import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { go } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { openPlaceCall } from "../../app/place-call.js";
import { useTitle } from "../../app/title.js";
import { changed, queries, useApi } from "../../data/queries.js";
import { account, api } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { count, words } from "../../ui/format.js";
import { Loaded, unlessGone } from "../../ui/states.js";
import { Up } from "../../ui/up.js";
import { Copyable, Tag, When } from "../../ui/values.js";
import { agentEndpoint } from "../webhooks/endpoint.js";
import { WebhookCard } from "../webhooks/webhook-card.js";
import { AgentActivity } from "./agent-activity.js";
import { AgentFigures } from "./agent-figures.js";
import { AgentNumbers } from "./agent-numbers.js";
import styles from "./agents.module.css";
import { DuplicateAgent } from "./duplicate-agent.js";
import { SettingsForm } from "./settings-form.js";
import { TryAgent } from "./try-agent.js";

const LOOK_EVERY = 5000;

export default function AgentView({ id }: { id: string }) {
  const agent = unlessGone(
    useApi(["agents", id], (client, signal) => client.agents.get(id, { signal }), { every: LOOK_EVERY }),
  );
  useTitle(agent.data?.name);
  return (
    <>
      <Up to="#/agents">All agents</Up>
      <div class="head">
        <div>
          <div class="row">
            <h1>{agent.data?.name ?? "Agent"}</h1>
            {agent.data && (
              <Tag tone={agent.data.voiceMode === "hosted" ? "good" : "live"}>{words(agent.data.voiceMode)}</Tag>
            )}
          </div>
        </div>
        {agent.data && <Actions agent={agent.data} />}
      </div>
      <Loaded from={agent} what="the agent" kind="agent" list="/agents">
        {(found) => (
          // Another account's or another agent's is another form.
          <Fragment key={`${account.value}/${found.id}`}>
            <AgentFigures agent={found} />
            <div class="split">
              <SettingsForm agent={found} />
              <aside class="stack" aria-label={`What belongs to ${found.name}`}>
                <TryAgent agent={found} />
                <AgentNumbers agent={found} />
                <WebhookCard endpoint={agentEndpoint(found)} />
                <AgentActivity agent={found} />
                <section class="card">
                  <h2>Details</h2>
                  <dl class="terms">
                    <dt>Id</dt>
                    <dd>
                      <Copyable value={found.id} label="the agent's id" />
                    </dd>
                    <dt>Created</dt>
                    <dd>
                      <When at={found.createdAt} />
                    </dd>
                  </dl>
                </section>
              </aside>
            </div>
          </Fragment>
        )}
      </Loaded>
    </>
  );
}

function Actions({ agent }: { agent: Agent }) {
  const callable = (agent.numbers ?? []).length > 0;
  const [copying, copy] = useState(false);
  return (
    <div class="row">
      <Action class="danger" run={() => remove(agent)}>
        <Trash2 aria-hidden="true" size={16} />
        Delete
      </Action>
      <button type="button" onClick={() => copy(true)}>
        <Copy aria-hidden="true" size={16} />
        Duplicate
      </button>
      <button
        type="button"
        class="primary"
        disabled={!callable}
        title={callable ? undefined : "Attach a number first"}
        onClick={() => openPlaceCall({ agentId: agent.id })}
      >
        <PhoneOutgoing aria-hidden="true" size={16} />
        Call from this agent
      </button>
      {copying && <DuplicateAgent agent={agent} close={() => copy(false)} />}
    </div>
  );
}

async function remove(agent: Agent): Promise<void> {
  const numbers = (agent.numbers ?? []).length;
  const yes = await confirm({
    title: `Delete ${agent.name}?`,
    body: (
      <>
        <p>It is gone for good, and with it:</p>
        <ul class={styles.dots}>
          <li>its settings, its prompt and its tools</li>
          <li>its webhook, if it has one of its own</li>
        </ul>
        <p>
          {numbers === 0
            ? "It has no numbers."
            : `Its ${count(numbers, "number")} stay${numbers === 1 ? "s" : ""} in the account, unassigned and still paid for.`}
        </p>
      </>
    ),
    action: `Delete ${agent.name}`,
    danger: true,
  });
  if (!yes) return;
  await api().agents.delete(agent.id);
  // Nobody shall ask for it again while this view is being left.
  await queries.cancelQueries({ queryKey: [account.peek(), "agents", agent.id] });
  go("/agents", { force: true });
  tell(`${agent.name} is deleted.`);
  await Promise.all([changed("agents"), changed("numbers")]);
}
