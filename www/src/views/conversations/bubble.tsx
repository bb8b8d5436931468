// One text: who wrote it, its words and attachments, what became of it, and what can be done with it. What others
// wrote is shown as text and never as markup; attachments are links, because nothing is loaded from other hosts.

import type { Conversation, ConversationMessage } from "agentphone-wasm";
import { Check, CheckCheck, Clock, CornerUpLeft, Paperclip, SmilePlus } from "lucide-preact";
import { useState } from "preact/hooks";
import { fully, words } from "../../ui/format.js";
import { Status, When } from "../../ui/values.js";
import styles from "./bubble.module.css";
import { ReactionChips, ReactionChoice } from "./reactions.js";
import { fileName, safeHref } from "./recipients.js";
import type { NameOf } from "./who.js";

interface BubbleProps {
  message: ConversationMessage;
  conversation: Conversation;
  nameOf: NameOf;
  onReply: (message: ConversationMessage) => void;
  /** Whether the Tab key gets to its buttons. */
  reached: boolean;
  /** Whether nothing more follows of the same moment. */
  last: boolean;
}

/** The text. */
export function Bubble({ message, conversation, nameOf, onReply, reached, last }: BubbleProps) {
  const [choosing, choose] = useState(false);
  const out = message.direction === "outbound";
  const who = out ? "You" : nameOf(message.senderIdentifier ?? message.fromNumber);
  const imessage = conversation.channel === "imessage";
  const canReact = conversation.capabilities?.reactions ?? imessage;
  const stop = reached || choosing ? 0 : -1;
  return (
    <article
      class={`${styles.bubble} ${out ? styles.outgoing : styles.incoming}`}
      data-id={message.id}
      data-direction={message.direction}
      tabIndex={-1}
      aria-label={`${who}, ${fully(new Date(message.receivedAt))}`}
    >
      {!out && conversation.isGroup === true && <p class={styles.sender}>{who}</p>}
      <div class={styles.said}>
        {message.replyTo && <blockquote dir="auto">{message.replyTo.message || "Attachment"}</blockquote>}
        {message.body !== "" && (
          <p class="written" dir="auto">
            {message.body}
          </p>
        )}
        <Media of={message} stop={stop} />
        {message.content && (
          <details>
            <summary tabIndex={stop}>Structured content</summary>
            <pre>{JSON.stringify(message.content, null, 2)}</pre>
          </details>
        )}
        {(imessage || canReact) && (
          <div class={styles.doings}>
            {imessage && (
              <button
                type="button"
                class="icon"
                tabIndex={stop}
                aria-label="Reply to this"
                title="Reply"
                onClick={() => onReply(message)}
              >
                <CornerUpLeft aria-hidden="true" size={16} />
              </button>
            )}
            {canReact && (
              <button
                type="button"
                class="icon"
                tabIndex={stop}
                aria-label="React"
                title="React"
                aria-expanded={choosing}
                onClick={() => choose(!choosing)}
              >
                <SmilePlus aria-hidden="true" size={16} />
              </button>
            )}
          </div>
        )}
      </div>
      <ReactionChips of={message.reactions ?? []} nameOf={nameOf} own={conversation.phoneNumber} />
      {last && (
        <div class={styles.meta}>
          <When at={message.receivedAt} />
          {out && <Course of={message} />}
        </div>
      )}
      {choosing && <ReactionChoice message={message} conversation={conversation} onDone={() => choose(false)} />}
      {message.status === "failed" || message.status === "undelivered" ? <Failure of={message} /> : null}
    </article>
  );
}

function Media({ of, stop }: { of: ConversationMessage; stop: number }) {
  const addresses = of.mediaUrls?.length ? of.mediaUrls : of.mediaUrl ? [of.mediaUrl] : [];
  if (addresses.length === 0) return null;
  return (
    <ul class={styles.media}>
      {addresses.map((address) => {
        const href = safeHref(address);
        return (
          <li key={address}>
            <Paperclip aria-hidden="true" size={14} />
            {href === undefined ? (
              <span>{fileName(address)}</span>
            ) : (
              <a href={href} tabIndex={stop} target="_blank" rel="noopener noreferrer" title={address}>
                {fileName(address)}
                <span class="hidden"> (opens in a new tab)</span>
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** How far an outgoing text has come. */
function Course({ of: { status, readAt, deliveredChannel, channel } }: { of: ConversationMessage }) {
  if (status === "failed" || status === "undelivered") return <Status value={status} />;
  const state = readAt ? "read" : (status ?? "");
  const Icon = { queued: Clock, sent: Check, delivered: CheckCheck, read: CheckCheck }[state];
  if (state === "") return null;
  return (
    <span class={styles.state} data-status={state}>
      {Icon && <Icon aria-hidden="true" size={14} />}
      {words(state)}
      {deliveredChannel && deliveredChannel !== channel && ` by ${deliveredChannel}`}
    </span>
  );
}

function Failure({ of: { failureReason, errorCode } }: { of: ConversationMessage }) {
  return (
    <p class={styles.why}>
      {failureReason ?? "The carrier gave no reason."}
      {errorCode && (
        <>
          {" "}
          <code>{errorCode}</code>
        </>
      )}
    </p>
  );
}
