// Trying an agent by text: one writes as somebody, and sees where the event went and what the agent answered. Only in a
// sandbox.

import type { Agent } from "agentphone-wasm";
import { Send } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { changed, useApi } from "../../data/queries.js";
import { inbound } from "../../session/sandbox.js";
import { Form, text } from "../../ui/action.js";
import { Input } from "../../ui/field.js";
import { Problem } from "../../ui/problem.js";
import { Status } from "../../ui/values.js";
import styles from "./try.module.css";

interface Sent {
  id: string;
  conversationId: string;
}

const LOOK_EVERY = 1000;

/** The pane. `from`: who writes. */
export function TryText({ agent, from }: { agent: Agent; from: string }) {
  const [sent, setSent] = useState<Sent | undefined>(undefined);
  const submit = async (data: FormData, form: HTMLFormElement): Promise<void> => {
    const body = text(data, "words");
    if (body === "") return;
    setSent((await inbound.message({ agentId: agent.id, from, body })) as Sent);
    form.reset();
    form.querySelector("input")?.focus();
    await changed("conversations");
    await changed("webhooks", "deliveries");
  };
  return (
    <>
      {sent === undefined ? (
        <p class={styles.start}>Write to the agent as one of its callers. Its webhook gets the text.</p>
      ) : (
        <Thread id={sent.conversationId} agent={agent} />
      )}
      <Form
        class={styles.compose}
        submit={submit}
        action={
          <>
            <Send aria-hidden="true" size={16} />
            Send
          </>
        }
        label="Text to the agent"
      >
        <Input label="Your text" name="words" maxLength={1000} placeholder="Are you open on Sunday?" />
      </Form>
    </>
  );
}

function Thread({ id, agent }: { id: string; agent: Agent }) {
  const messages = useApi(
    ["conversations", id, "tried"],
    (client, signal) => client.conversations.messages.list(id, { limit: 30 }, { signal }).then(({ data }) => data),
    { every: LOOK_EVERY },
  );
  const log = useRef<HTMLDivElement>(null);
  const ordered = [...(messages.data ?? [])].sort(
    (one, other) => Date.parse(one.receivedAt) - Date.parse(other.receivedAt),
  );
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  }, [ordered.length]);
  return (
    <>
      <Problem error={messages.error} onRetry={() => void messages.refetch()} />
      <div class={styles.log} role="log" aria-label={`Texts with ${agent.name}`} tabIndex={0} ref={log}>
        {ordered.map((message) => (
          <p key={message.id} class={message.direction === "inbound" ? styles.mine : styles.theirs}>
            <span class="hidden">{message.direction === "inbound" ? "You: " : `${agent.name}: `}</span>
            {message.body}
          </p>
        ))}
      </div>
      <Path agent={agent} ids={ordered.flatMap((one) => (one.direction === "inbound" ? [one.id] : []))} thread={id} />
    </>
  );
}

/** Where the event of the latest text went. */
function Path({ agent, ids, thread }: { agent: Agent; ids: readonly string[]; thread: string }) {
  const { data: found } = useApi(
    ["webhooks", "deliveries", "tried", agent.id],
    async (client, signal) => {
      const own = await client.agents.webhook.get(agent.id, { signal });
      const list =
        own === null
          ? client.webhooks.deliveries.list({ limit: 20 }, { signal })
          : client.agents.webhook.deliveries.list(agent.id, { limit: 20 }, { signal });
      const hook = own ?? (await client.webhooks.get({ signal }));
      return { own: own !== null, url: hook?.url, data: (await list).data };
    },
    { every: LOOK_EVERY },
  );
  const last = ids.at(-1);
  const delivery = found?.data.find(({ messageId }) => messageId === last);
  return (
    <p class={styles.path} role="status">
      {found !== undefined && found.url === undefined ? (
        <>
          No webhook is set, so the text is not delivered. <a href="#/webhooks">Set one</a>, and answer with{" "}
          <code>messages.send</code>.
        </>
      ) : delivery === undefined ? (
        "Posting to the webhook…"
      ) : (
        <>
          <Status value={delivery.status} />{" "}
          <a
            href={`#/webhooks?${new URLSearchParams({ ...(found?.own === true ? { agent: agent.id } : {}), delivery: delivery.id })}`}
          >
            Posted to {hostOf(found?.url)}
          </a>
        </>
      )}{" "}
      <a href={`#/conversations/${thread}`}>Open the conversation</a>
    </p>
  );
}

function hostOf(url: string | undefined): string {
  try {
    return new URL(url ?? "").host;
  } catch {
    return "the webhook";
  }
}
