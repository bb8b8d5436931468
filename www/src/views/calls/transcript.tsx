// What is said, as it is said: the other side at the left, the agent at the right. It scrolls along until
// the reader scrolls up.

import type { TranscriptTurn } from "agentphone-wasm";
import { ArrowDown } from "lucide-preact";
import { Component } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { account, api } from "../../session/session.js";
import { count } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { When } from "../../ui/values.js";
import { TranscriptFeed } from "./transcript-feed.js";

/** Pixels from the end that count as being there. */
const NEAR = 32;

interface TranscriptProps {
  id: string;
  /** Whether it goes on. */
  live: boolean;
  agent: string;
  other: string;
  /** What stands there while nobody has spoken. */
  silence: string;
  onEnded?: () => void;
}

/** The transcript of a call. */
export function Transcript({ id, live, agent, other, silence, onEnded }: TranscriptProps) {
  const feed = useMemo(() => new TranscriptFeed(api(), id, onEnded), [account.value, id]);
  useEffect(() => {
    void feed.follow();
    return () => feed.close();
  }, [feed]);
  const turns = feed.turns.value;
  const phase = feed.phase.value;
  const { scroller, following, missed, onScroll, toEnd } = useFollowing(turns.length, live);
  return (
    <div class="transcript">
      <Problem error={feed.error.value} onRetry={() => void feed.follow()} />
      {/* What is told again to a reader who comes late is no news, and is not read out. */}
      <div
        class="log"
        role="log"
        aria-label={`Transcript with ${other}`}
        aria-live={live && phase === "open" ? "polite" : "off"}
        aria-busy={phase === "connecting"}
        tabIndex={0}
        ref={scroller}
        onScroll={onScroll}
      >
        {turns.length === 0 && phase !== "failed" && (
          <p class="muted silence">{phase === "ended" ? "Nothing was said." : silence}</p>
        )}
        <ol>
          {turns.map((turn, index) => (
            <Turn
              key={index}
              turn={turn}
              name={turn.role === "agent" ? agent : other}
              first={turns[index - 1]?.role !== turn.role}
            />
          ))}
        </ol>
        {phase === "ended" && turns.length > 0 && <p class="muted small over">The call is over.</p>}
      </div>
      {!following && (
        <button type="button" class="latest" onClick={toEnd}>
          <ArrowDown aria-hidden="true" size={16} />
          Jump to latest
          {missed > 0 && <span class="muted small">{count(missed, "new turn")}</span>}
        </button>
      )}
    </div>
  );
}

interface TurnProps {
  turn: TranscriptTurn;
  name: string;
  /** Not the same speaker as before. */
  first: boolean;
}

/** A turn does not change: drawn once, however many follow. */
class Turn extends Component<TurnProps> {
  override shouldComponentUpdate({ turn, name }: TurnProps): boolean {
    return turn !== this.props.turn || name !== this.props.name;
  }

  override render({ turn: { role, content, createdAt }, name, first }: TurnProps) {
    return (
      <li class={role === "agent" ? "turn agent" : "turn"}>
        <p class={first ? "speaker small" : "speaker hidden"}>
          {name} <When at={createdAt} />
        </p>
        <p class="said">{content}</p>
      </li>
    );
  }
}

/** Keeps the end of a growing text in sight, unless the reader has scrolled up; then tells how much was missed. */
function useFollowing(length: number, live: boolean) {
  const scroller = useRef<HTMLDivElement>(null);
  // Whoever opens a call that is over reads it from its beginning.
  const { current: grows } = useRef(live);
  const [following, follow] = useState(grows);
  const read = useRef(0);
  const inSight = useRef(false);
  const latest = useRef(following);
  latest.current = following;
  if (following) read.current = length;
  const onScroll = (): void => {
    const element = scroller.current;
    if (element !== null && grows) follow(element.scrollHeight - element.scrollTop - element.clientHeight < NEAR);
  };
  const toEnd = (): void => {
    follow(true);
    // The button that was pressed goes away.
    scroller.current?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element !== null && following && inSight.current) scrollSoon(element);
  }, [length, following]);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    // What nobody sees is not laid out, and is not scrolled until it comes into sight.
    const watch = new IntersectionObserver((entries) => {
      inSight.current = entries.at(-1)?.isIntersecting === true;
      if (inSight.current && latest.current) scrollSoon(element);
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  return { scroller, following: following || !grows, missed: length - read.current, onScroll, toEnd };
}

const ending = new Set<HTMLElement>();

/** Scrolls to the end once all that speak have been drawn: each by itself would lay the page out anew. */
function scrollSoon(element: HTMLElement): void {
  ending.add(element);
  if (ending.size > 1) return;
  queueMicrotask(() => {
    const heights = [...ending].map((each) => [each, each.scrollHeight] as const);
    ending.clear();
    for (const [each, height] of heights) each.scrollTop = height;
  });
}
