// What was written, the oldest at the top, read on as one scrolls up. What comes meanwhile neither moves what is
// being read nor is missed: at the bottom one stays at the bottom, elsewhere one is told.

import type { Conversation, ConversationMessage } from "agentphone-wasm";
import { ArrowDown } from "lucide-preact";
import { Fragment } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { LiveList } from "../../data/live-list.js";
import { Problem } from "../../ui/problem.js";
import { Waiting } from "../../ui/states.js";
import { Bubble } from "./bubble.js";
import styles from "./thread.module.css";
import { threadTitle, useNames } from "./who.js";

/** Pixels from the end within which one is at it. */
const AT_END = 48;
/** Pixels from the beginning at which older texts are asked for. */
const AHEAD = 240;
/** Milliseconds within which texts belong together. */
const MOMENT = 60_000;

const dayFormat = new Intl.DateTimeFormat(undefined, { weekday: "long", month: "long", day: "numeric" });

interface LogProps {
  list: LiveList<ConversationMessage>;
  conversation: Conversation;
  onReply: (message: ConversationMessage) => void;
}

/** The texts. */
export function Log({ list, conversation, onReply }: LogProps) {
  const nameOf = useNames();
  const newestFirst = list.items.value;
  const messages = [...newestFirst].reverse();
  const newest = newestFirst[0]?.id;
  const { scroller, away, toEnd, onScroll } = useKeptPlace(newestFirst, list.ready.value, () => {
    if (list.ready.peek() && list.hasMore.peek()) void list.more();
  });
  const lastSeen = useRef(newest);
  if (!away) lastSeen.current = newest;
  const [current, setCurrent] = useState<string | undefined>(undefined);
  const problem = <Problem error={list.error.value} onRetry={() => void list.refresh()} />;
  if (!list.ready.value)
    return <div class={styles.frame}>{list.error.value === undefined ? <Waiting what="messages" /> : problem}</div>;
  return (
    <div class={styles.frame}>
      <div
        class={styles.log}
        role="log"
        tabIndex={0}
        aria-label={`Messages with ${threadTitle(conversation, nameOf)}`}
        ref={scroller}
        onScroll={onScroll}
        onKeyDown={moveAmongMessages}
        onFocusIn={(event) => setCurrent(messageOf(event.target)?.dataset.id)}
      >
        {problem}
        {list.hasMore.value ? (
          <button type="button" class={styles.older} onClick={() => void list.more()}>
            Older messages
          </button>
        ) : (
          <p class={`muted small ${styles.begin}`}>The conversation begins here.</p>
        )}
        {messages.map((message, index) => {
          const day = new Date(message.receivedAt).toDateString();
          const before = messages[index - 1];
          return (
            <Fragment key={message.id}>
              {(before === undefined || new Date(before.receivedAt).toDateString() !== day) && (
                <p class={styles.day}>{dayFormat.format(new Date(message.receivedAt))}</p>
              )}
              <Bubble
                message={message}
                conversation={conversation}
                nameOf={nameOf}
                onReply={onReply}
                reached={message.id === (current ?? newest)}
                last={!goesOn(message, messages[index + 1])}
              />
            </Fragment>
          );
        })}
      </div>
      {away && newest !== lastSeen.current && (
        <button type="button" class={styles.freshBelow} onClick={toEnd}>
          <ArrowDown aria-hidden="true" size={16} />
          New messages
        </button>
      )}
    </div>
  );
}

/** Whether the next text is of the same hand and moment: one time for all of them is enough. */
const goesOn = (message: ConversationMessage, next: ConversationMessage | undefined): boolean =>
  next !== undefined &&
  next.direction === message.direction &&
  next.senderIdentifier === message.senderIdentifier &&
  next.status === message.status &&
  Date.parse(next.receivedAt) - Date.parse(message.receivedAt) < MOMENT;

const messageOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>("[data-id]") : null;

/** Up and down go from text to text, so that a long thread is one stop of the Tab key and not hundreds. */
function moveAmongMessages(event: KeyboardEvent): void {
  const log = event.currentTarget;
  if ((event.key !== "ArrowUp" && event.key !== "ArrowDown") || !(log instanceof HTMLElement)) return;
  if (event.target instanceof HTMLInputElement) return;
  const all = [...log.querySelectorAll<HTMLElement>("[data-id]")];
  const here = messageOf(event.target);
  const at = here === null ? all.length : all.indexOf(here);
  const next = all[event.key === "ArrowUp" ? at - 1 : at + 1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

/** Keeps what is read where it is, whatever is added above or below. */
function useKeptPlace(content: unknown, shown: boolean, onNearBegin: () => void) {
  const scroller = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const anchor = useRef<{ id: string; top: number } | undefined>(undefined);
  const [away, setAway] = useState(false);

  const onScroll = (): void => {
    const log = scroller.current;
    if (log === null) return;
    pinned.current = log.scrollHeight - log.scrollTop - log.clientHeight < AT_END;
    setAway(!pinned.current);
    const first = [...log.querySelectorAll<HTMLElement>("[data-id]")].find(
      (message) => message.offsetTop + message.offsetHeight > log.scrollTop,
    );
    anchor.current =
      first === undefined ? undefined : { id: first.dataset.id ?? "", top: first.offsetTop - log.scrollTop };
    if (log.scrollTop < AHEAD) onNearBegin();
  };

  const settle = (): void => {
    const log = scroller.current;
    if (log === null) return;
    if (pinned.current) {
      log.scrollTop = log.scrollHeight;
      return;
    }
    const { id, top } = anchor.current ?? { id: "", top: 0 };
    const kept = log.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
    if (kept !== null) log.scrollTop = kept.offsetTop - top;
  };

  useLayoutEffect(settle, [content, shown]);
  useEffect(() => {
    const log = scroller.current;
    // The older ones were asked for while the list was busy, or do not yet fill the pane.
    if (log !== null && log.scrollTop < AHEAD) onNearBegin();
  }, [content]);
  useEffect(() => {
    const log = scroller.current;
    if (log === null) return;
    const watcher = new ResizeObserver(settle);
    watcher.observe(log);
    return () => watcher.disconnect();
  }, [shown]);

  const toEnd = (): void => {
    pinned.current = true;
    setAway(false);
    settle();
    scroller.current?.focus();
  };
  return { scroller, away, toEnd, onScroll };
}
