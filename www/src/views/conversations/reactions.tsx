// Reactions: those that every iMessage line takes, and any emoji where the thread says so.

import type { Conversation, ConversationMessage, Reaction } from "agentphone-wasm";
import { CircleHelp, Heart, Laugh, type LucideIcon, ThumbsDown, ThumbsUp, TriangleAlert } from "lucide-preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action, Form, text } from "../../ui/action.js";
import { Input } from "../../ui/field.js";
import { words } from "../../ui/format.js";
import styles from "./bubble.module.css";
import type { NameOf } from "./who.js";

const ICONS: Record<string, LucideIcon> = {
  love: Heart,
  like: ThumbsUp,
  dislike: ThumbsDown,
  laugh: Laugh,
  emphasize: TriangleAlert,
  question: CircleHelp,
};

/** Those of a text, with who they are of. */
export function ReactionChips({ of, nameOf, own }: { of: readonly Reaction[]; nameOf: NameOf; own: string }) {
  if (of.length === 0) return null;
  return (
    <ul class={styles.reactions} aria-label="Reactions">
      {of.map(({ id, reactionType, fromNumber }) => {
        const Icon = ICONS[reactionType];
        const who = fromNumber === own ? "you" : nameOf(fromNumber);
        return (
          <li key={id} title={`${words(reactionType)}, ${who}`} data-reaction={reactionType}>
            {Icon === undefined ? (
              <span aria-hidden="true">{reactionType}</span>
            ) : (
              <Icon aria-hidden="true" size={14} />
            )}
            <span class="hidden">
              {words(reactionType)} by {who}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The choice of one. */
export function ReactionChoice({
  message,
  conversation,
  onDone,
}: {
  message: ConversationMessage;
  conversation: Conversation;
  onDone: () => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => place.current?.querySelector("button")?.focus(), []);
  const close = (): void => {
    const { current } = place;
    current?.closest<HTMLElement>("[data-id]")?.focus();
    onDone();
  };
  const react = async (reaction: string): Promise<void> => {
    await api().messages.react(message.id, { reaction });
    close();
    await changed("conversations", conversation.id);
  };
  return (
    <div
      class={styles.choice}
      role="group"
      aria-label="Reactions to choose from"
      ref={place}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      {Object.entries(ICONS).map(([kind, Icon]) => (
        <Action key={kind} class="icon" label={words(kind)} run={() => react(kind)}>
          <Icon aria-hidden="true" size={18} />
        </Action>
      ))}
      {conversation.capabilities?.emojiReactions === true && (
        <Form submit={(data) => react(text(data, "emoji"))} action="React" class="inline">
          <Input label="Emoji" name="emoji" required maxLength={8} size={4} />
        </Form>
      )}
    </div>
  );
}
