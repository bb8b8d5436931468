// A webhook: where it posts, how it is set, tried and removed.

import { Send } from "lucide-preact";
import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { tell } from "../../app/notices.js";
import { changed, useApi } from "../../data/queries.js";
import { mode } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { Loaded } from "../../ui/states.js";
import { When } from "../../ui/values.js";
import { type Endpoint, type KnownWebhook, PROJECT } from "./endpoint.js";
import { SecretDialog } from "./secret-dialog.js";
import { SetWebhook } from "./set-webhook.js";
import { TestWebhook } from "./test-webhook.js";
import styles from "./webhook-card.module.css";

/** The card. */
export function WebhookCard({ endpoint }: { endpoint: Endpoint }) {
  const webhook = useApi(endpoint.key, endpoint.read);
  const [setting, openSetting] = useState(false);
  const [secret, showSecret] = useState<string | undefined>(undefined);
  return (
    <section class={`card ${styles.card}`} aria-label={`The webhook of ${endpoint.whose}`}>
      <h2>{endpoint.agentId === undefined ? "The project's webhook" : "Webhook"}</h2>
      <Loaded from={webhook} what="the webhook">
        {(found) =>
          found === null ? (
            <None endpoint={endpoint} open={() => openSetting(true)} />
          ) : (
            <Known endpoint={endpoint} webhook={found} open={() => openSetting(true)} />
          )
        }
      </Loaded>
      {setting && (
        <SetWebhook
          endpoint={endpoint}
          before={webhook.data ?? undefined}
          close={() => openSetting(false)}
          done={(made) => {
            openSetting(false);
            showSecret(made);
          }}
        />
      )}
      {secret !== undefined && (
        <SecretDialog secret={secret} agentId={endpoint.agentId} close={() => showSecret(undefined)} />
      )}
    </section>
  );
}

function None({ endpoint: { agentId }, open }: { endpoint: Endpoint; open: () => void }) {
  return (
    <>
      {agentId === undefined ? (
        <p class="muted">
          Nothing is posted anywhere yet. Set an address to be told of texts, reactions and ended calls, and to answer
          the calls of webhook agents.
        </p>
      ) : (
        <ProjectsInstead />
      )}
      <div class="row">
        <button type="button" class={agentId === undefined ? "primary" : ""} onClick={open}>
          Set a webhook
        </button>
      </div>
    </>
  );
}

/** Where an agent's events go that has no webhook of its own. */
function ProjectsInstead() {
  const project = useApi(PROJECT.key, PROJECT.read);
  if (project.data === undefined) return <p class="muted">It has none of its own.</p>;
  return (
    <p class="muted">
      It has none of its own
      {project.data === null
        ? ", and the project has none either: its events are posted nowhere. "
        : ": its events go to that of the project. "}
      <a href="#/webhooks">{project.data === null ? "Webhooks" : project.data.url}</a>
    </p>
  );
}

function Known({ endpoint, webhook, open }: { endpoint: Endpoint; webhook: KnownWebhook; open: () => void }) {
  return (
    <>
      <dl class="terms">
        <dt>Posts to</dt>
        <dd>
          <code>{webhook.url}</code>
        </dd>
        <dt>Waits</dt>
        <dd>{webhook.timeout ?? 30} s for your answer</dd>
        <dt>Context messages</dt>
        <dd>{webhook.contextLimit === 0 ? "None" : `Up to ${webhook.contextLimit}`}</dd>
        <dt>Set</dt>
        <dd>
          <When at={webhook.createdAt} />
        </dd>
      </dl>
      {endpoint.agentId !== undefined && mode() === "page" && <PageNote />}
      <TestWebhook endpoint={endpoint} icon={<Send aria-hidden="true" size={16} />}>
        <button type="button" onClick={open}>
          Change
        </button>
        <Action class="danger" run={() => remove(endpoint, webhook)}>
          Remove
        </Action>
      </TestWebhook>
      {endpoint.agentId !== undefined && (
        <a class="small" href={`#/webhooks?agent=${endpoint.agentId}`}>
          Its deliveries
        </a>
      )}
    </>
  );
}

/** The page may not ask other hosts, so it answers for them. */
export const PageNote = () => (
  <p class={`${styles.remark} small`}>
    This sandbox lives in the page, which may not post to other hosts: the page answers its webhooks itself, with a 200,
    and your address is never asked.
  </p>
);

async function remove(endpoint: Endpoint, { url }: KnownWebhook): Promise<void> {
  const yes = await confirm({
    title: `Remove the webhook of ${endpoint.whose}?`,
    body: (
      <p>
        Nothing is posted to <code>{url}</code> any more, and its secret is worthless.{" "}
        {endpoint.agentId === undefined
          ? "Agents without a webhook of their own have none."
          : "Its events go to that of the project, if there is one."}
      </p>
    ),
    action: "Remove the webhook",
    danger: true,
  });
  if (!yes) return;
  await endpoint.remove();
  tell(`The webhook of ${endpoint.whose} is removed.`);
  await changed("webhooks");
}
