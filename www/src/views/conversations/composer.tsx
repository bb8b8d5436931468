// The box to write in. What was typed leaves it only when the API has taken it: a refusal keeps it, and so does a
// lost answer, until it has come to light that the text went out. Until then it is not sent a second time.

import type { Conversation, ConversationMessage, PhoneNumber } from "agentphone-wasm";
import { Paperclip, SendHorizontal, X } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { go } from "../../app/location.js";
import { useNumbers } from "../../data/names.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { useSlow } from "../../ui/action.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { Area, Select } from "../../ui/field.js";
import { money, words } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { phoneText } from "../../ui/values.js";
import styles from "./composer.module.css";
import { type Draft, draftOf, keepDraft } from "./drafts.js";
import { mediaIn } from "./recipients.js";
import { segmentsOf } from "./segments.js";
import { EFFECTS, LONGEST, PRICE, send } from "./send.js";
import { threadTitle, useNames } from "./who.js";

/** Milliseconds between two signs that one is writing. */
const TYPING = 8000;

interface ComposerProps {
  conversation: Conversation;
  replyTo: ConversationMessage | undefined;
  onReplyEnd: () => void;
}

/** The box. */
export function Composer({ conversation, replyTo, onReplyEnd }: ComposerProps) {
  const { id, capabilities } = conversation;
  const nameOf = useNames();
  const numbers = useNumbers();
  const [draft, setDraft] = useState(() => draftOf(id));
  const [from, setFrom] = useState(conversation.phoneNumberId);
  const [attaching, attach] = useState(draft.media !== "" || draft.effect !== "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const running = useRef(false);
  const once = useOnce();
  /** What was in the box when it was sent. */
  const sentDraft = useRef(draft);
  const sayTyping = useTyping(conversation);
  const slow = useSlow(busy);
  const box = useRef<HTMLTextAreaElement>(null);
  const imessage = conversation.channel === "imessage";
  const extras = imessage ? "Media and effect" : "Attach media";
  const disabled = capabilities?.canSendMessages === false && from === conversation.phoneNumberId;

  const write = (change: Partial<Draft>): void => {
    const next = { ...draft, ...change };
    setDraft(next);
    keepDraft(id, next);
    if (next.body !== "") sayTyping();
  };
  const empty = (): void => {
    write({ body: "", media: "", effect: "" });
    attach(false);
    onReplyEnd();
    setError(undefined);
    box.current?.focus();
  };
  const submit = async (): Promise<void> => {
    const media = mediaIn(draft.media);
    const body = draft.body.trim();
    if (running.current || disabled || (body === "" && media.length === 0)) return;
    running.current = true;
    setBusy(true);
    const effect = EFFECTS.find((name) => name === draft.effect);
    sentDraft.current = draft;
    setError(undefined);
    once.forget(false);
    try {
      const sent = await send(
        once,
        {
          number_id: from,
          to_number: conversation.participant,
          ...(body === "" ? {} : { body }),
          ...(media.length === 0 ? {} : { media_urls: media }),
          ...(replyTo === undefined ? {} : { reply_to_message_id: replyTo.id }),
          ...(effect === undefined ? {} : { send_style: effect }),
        },
        threadTitle(conversation, nameOf),
      );
      if (sent === undefined) return;
      empty();
      if (sent.conversation_id && sent.conversation_id !== id) go(`/conversations/${sent.conversation_id}`);
    } catch (failure) {
      setError(failure);
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  // The text went out after all. What was written since then stays.
  const cameOut = (): void => {
    if (draft === sentDraft.current) empty();
    once.renew();
    void changed("conversations");
  };

  return (
    <form
      class={styles.composer}
      aria-label="Write a message"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {replyTo !== undefined && (
        <p class={styles.replying}>
          <span>Reply to “{replyTo.body || "Attachment"}”</span>
          <button type="button" class="icon" aria-label="Do not reply to it" onClick={onReplyEnd}>
            <X aria-hidden="true" size={16} />
          </button>
        </p>
      )}
      {disabled && <p class="note">{capabilities.sendDisabledReason ?? "Texts cannot be sent here now."}</p>}
      <div class={styles.write}>
        <label class="hidden" for={`write-${id}`}>
          Message
        </label>
        <textarea
          id={`write-${id}`}
          dir="auto"
          ref={box}
          rows={Math.min(6, draft.body.split("\n").length)}
          maxLength={LONGEST}
          readOnly={busy}
          placeholder={`Write to ${threadTitle(conversation, nameOf)}`}
          value={draft.body}
          onInput={(event) => write({ body: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void submit();
          }}
        />
        <button type="submit" class={slow ? "primary busy" : "primary"} aria-busy={busy} disabled={disabled}>
          <SendHorizontal aria-hidden="true" size={16} />
          Send
        </button>
      </div>
      {attaching && (
        <div class="fields">
          <Area
            label="Addresses of media"
            rows={2}
            value={draft.media}
            placeholder="https://…"
            hint="Public addresses, one a line, up to 20. Several go without words, as a carousel."
            onInput={(event) => write({ media: event.currentTarget.value })}
          />
          {imessage && (
            <Select
              label="Effect"
              value={draft.effect}
              options={[{ value: "", label: "None" }, ...EFFECTS.map((name) => ({ value: name, label: words(name) }))]}
              onChange={(event) => write({ effect: event.currentTarget.value })}
            />
          )}
        </div>
      )}
      <div class={styles.foot}>
        <button
          type="button"
          class="icon"
          aria-label={extras}
          title={extras}
          aria-expanded={attaching}
          onClick={() => attach(!attaching)}
        >
          <Paperclip aria-hidden="true" size={16} />
        </button>
        {conversation.isGroup !== true && (
          <From numbers={numbers} conversation={conversation} value={from} onChange={setFrom} />
        )}
        <Count body={draft.body} imessage={imessage} />
      </div>
      {once.doubt !== undefined && (
        <DoubtPanel doubt={once.doubt} what="the text was sent" back={once.forget} backTo="Close" onPlaced={cameOut}>
          {[]}
        </DoubtPanel>
      )}
      <Problem error={error} />
    </form>
  );
}

/** Tells the other side that one is writing, now and then; where a line cannot show it, it is told once and no more. */
function useTyping({ id, channel }: Conversation): () => void {
  const next = useRef(channel === "imessage" ? 0 : Infinity);
  return () => {
    if (Date.now() < next.current) return;
    next.current = Date.now() + TYPING;
    // Only a courtesy: that it failed is no news.
    api()
      .conversations.typing(id)
      .catch(() => (next.current = Infinity));
  };
}

interface FromProps {
  numbers: readonly PhoneNumber[];
  conversation: Conversation;
  value: string;
  onChange: (id: string) => void;
}

/** Which number to send from. Another one than the thread's own begins or continues another thread. */
function From({ numbers, conversation, value, onChange }: FromProps) {
  const { phoneNumberId, phoneNumber } = conversation;
  const others = numbers.filter(({ id }) => id !== phoneNumberId);
  const options = [
    { value: phoneNumberId, label: phoneText(phoneNumber) },
    ...others.map(({ id, phoneNumber: phone }) => ({ value: id, label: `${phoneText(phone)} (other thread)` })),
  ];
  return (
    <Select label="From" value={value} options={options} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

/** How long the text is, and what it comes to. */
function Count({ body, imessage }: { body: string; imessage: boolean }) {
  const { characters, segments, left, encoding } = segmentsOf(body);
  const text = imessage
    ? `${characters} of ${LONGEST}`
    : segments > 1
      ? `${characters} · ${segments} segments`
      : `${characters} · ${left} left`;
  return (
    <span class={`${styles.count} muted small`} title={imessage ? "Letters" : `Letters and SMS segments, ${encoding}`}>
      {text} · {money(PRICE)}
    </span>
  );
}
