// The other side of a conversation, where only a sandbox is: somebody texts, answers, reacts.

import type { Conversation, ConversationMessage } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { go } from "../../app/location.js";
import type { LiveList } from "../../data/live-list.js";
import { useNumbers } from "../../data/names.js";
import { changed } from "../../data/queries.js";
import { inbound } from "../../session/sandbox.js";
import { Action, Form, text } from "../../ui/action.js";
import { Input } from "../../ui/field.js";
import styles from "./composer.module.css";
import { threadTitle, useNames } from "./who.js";

const SAYINGS = [
  "Are you open on Sunday?",
  "Can I move my appointment to Friday?",
  "Where is my order?",
  "Do you have rye bread today?",
];
const ANSWERS = [
  "Yes, that works.",
  "Thank you!",
  "Could you say that again?",
  "On Friday, please.",
  "I will call you later.",
];
const any = (words: readonly string[]): string => words[Math.floor(Math.random() * words.length)] ?? "Hello?";

/** Begins a thread from outside; its room is kept until there is a number that can be texted, so that nothing moves. */
export function TextedBySomebody() {
  const to = useNumbers()[0]?.phoneNumber;
  const text = async (): Promise<void> => {
    if (to === undefined) return;
    // A person of their own each time: 415 555 01xx is kept free for such people.
    const from = `+141555501${String(Math.floor(Math.random() * 100)).padStart(2, "0")}`;
    const { conversationId } = (await inbound.message({ to, from, body: any(SAYINGS) })) as { conversationId: string };
    await changed("conversations");
    go(`/conversations/${conversationId}`);
  };
  return (
    <Action run={text} class={to === undefined ? "unseen" : ""}>
      Simulate an incoming text
    </Action>
  );
}

/** Answers as whoever is at the other side. */
export function AnswerAsThem({
  conversation,
  list,
}: {
  conversation: Conversation;
  list: LiveList<ConversationMessage>;
}) {
  const nameOf = useNames();
  const [suggestion, suggest] = useState(() => any(ANSWERS));
  const { participant, phoneNumber, isGroup, participants, channel, id } = conversation;
  const from = isGroup === true ? (participants?.[0]?.identifier ?? participant) : participant;
  const answer = async (data: FormData, form: HTMLFormElement): Promise<void> => {
    const body = text(data, "words") || suggestion;
    await inbound.message({ to: phoneNumber, from, body, ...(isGroup === true ? { group: participant } : {}) });
    form.reset();
    suggest(any(ANSWERS));
    await changed("conversations");
  };
  const react = async (): Promise<void> => {
    const last = list.items.peek().find(({ direction }) => direction === "outbound");
    if (last === undefined) throw new Error("There is no text of yours to react to yet.");
    await inbound.reaction({ messageId: last.id, reaction: "love" });
    await changed("conversations", id);
  };
  const who = isGroup === true ? nameOf(from) : threadTitle(conversation, nameOf);
  return (
    <Form
      class={styles.asThem}
      submit={answer}
      action="Simulate reply"
      label="Sandbox: the other side"
      beside={channel === "imessage" && <Action run={react}>Simulate reaction</Action>}
    >
      <Input label={`Sandbox: as ${who}`} name="words" placeholder={suggestion} />
    </Form>
  );
}
