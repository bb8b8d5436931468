// One thread: with whom, what was written, and the box to write in.

import type { Conversation, ConversationMessage } from "agentphone-wasm";
import { Info, PhoneOutgoing, UserPlus } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { openPlaceCall } from "../../app/place-call.js";
import { useTitle } from "../../app/title.js";
import { useList } from "../../data/live-list.js";
import { useAgents, useContacts } from "../../data/names.js";
import { useApi } from "../../data/queries.js";
import { isLive } from "../../session/session.js";
import { Loaded, unlessGone } from "../../ui/states.js";
import { Phone, phoneText, Tag } from "../../ui/values.js";
import { About } from "./about.js";
import { Composer } from "./composer.js";
import layout from "./conversations.module.css";
import { Log } from "./log.js";
import { canRing } from "./recipients.js";
import { AnswerAsThem } from "./sandbox-tools.js";
import { markSeen } from "./seen.js";
import styles from "./thread.module.css";
import { CHANNELS, threadTitle, useNames } from "./who.js";

/** The right pane. */
export function Thread({ id }: { id: string }) {
  const found = unlessGone(
    useApi(["conversations", id], (client, signal) => client.conversations.get(id, { message_limit: 1 }, { signal }), {
      every: 5000,
    }),
  );
  return (
    <section class={layout.pane} aria-label="Conversation">
      <Loaded from={found} what="this conversation" kind="conversation" list="/conversations">
        {(conversation) => <Whole conversation={conversation} />}
      </Loaded>
    </section>
  );
}

function Whole({ conversation }: { conversation: Conversation }) {
  const { id } = conversation;
  const list = useList(
    ["conversations", id, "messages"],
    (client, signal) => client.conversations.messages.list(id, { limit: 50 }, { signal }),
    2000,
  );
  const [replyTo, reply] = useState<ConversationMessage | undefined>(undefined);
  const newest = list.items.value[0]?.receivedAt ?? conversation.lastMessageAt;
  useEffect(() => {
    if (newest) markSeen(id, newest);
  }, [id, newest]);
  return (
    <>
      <Top conversation={conversation} />
      <Log list={list} conversation={conversation} onReply={reply} />
      <Composer conversation={conversation} replyTo={replyTo} onReplyEnd={() => reply(undefined)} />
      {!isLive() && <AnswerAsThem conversation={conversation} list={list} />}
    </>
  );
}

function Top({ conversation }: { conversation: Conversation }) {
  const nameOf = useNames();
  const agents = useAgents();
  const known = useContacts().find(({ phoneNumber }) => phoneNumber === conversation.participant);
  const [about, open] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // A link led here: who types goes on in the thread, and not before the whole list.
    const timer = setTimeout(() => {
      if (document.activeElement?.id === "main") heading.current?.focus();
    });
    return () => clearTimeout(timer);
  }, []);
  const { participant, phoneNumber, phoneNumberId, agentId, channel } = conversation;
  const title = threadTitle(conversation, nameOf);
  useTitle(title);
  const ring = conversation.isGroup !== true && canRing(participant);
  return (
    <header class={styles.top}>
      <div>
        <h2 tabIndex={-1} ref={heading}>
          {known === undefined ? title : <a href={`#/contacts/${known.id}`}>{title}</a>}
        </h2>
        <p class="muted small">
          {title !== phoneText(participant) && conversation.isGroup !== true && (
            <span class="phone">{phoneText(participant)} · </span>
          )}
          {conversation.isGroup === true && `${(conversation.participants ?? []).length} people · `}
          on{" "}
          <a href={`#/numbers/${phoneNumberId}`}>
            <Phone value={phoneNumber} />
          </a>
          {agentId && (
            <>
              {" · "}
              <a href={`#/agents/${agentId}`}>{agents.find((agent) => agent.id === agentId)?.name ?? "agent"}</a>
            </>
          )}{" "}
          {channel && <Tag>{CHANNELS[channel] ?? channel}</Tag>}
        </p>
      </div>
      <div class="row">
        {ring && known === undefined && (
          <a
            class={`button ${styles.iconOnly}`}
            href={`#/contacts?new=1&phone=${encodeURIComponent(participant)}`}
            aria-label="Add to contacts"
            title="Add to contacts"
          >
            <UserPlus aria-hidden="true" size={18} />
          </a>
        )}
        {ring && (
          <button
            type="button"
            class="icon"
            aria-label={`Call ${title}`}
            title="Call"
            onClick={() => openPlaceCall({ to: participant, ...(agentId ? { agentId } : {}) })}
          >
            <PhoneOutgoing aria-hidden="true" size={18} />
          </button>
        )}
        <button
          type="button"
          class="icon"
          aria-label="About this conversation"
          title="About this conversation"
          onClick={() => open(true)}
        >
          <Info aria-hidden="true" size={18} />
        </button>
      </div>
      {about && <About conversation={conversation} onClose={() => open(false)} />}
    </header>
  );
}
