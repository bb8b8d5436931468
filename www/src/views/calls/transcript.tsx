// The live transcript: the other side on the left, the agent on the right. It scrolls along until the reader
// scrolls up. With a recording, each turn can be played from its start, and the turn that is playing is marked and followed.

import { effect, type ReadonlySignal } from "@preact/signals";
import type { TranscriptTurn } from "agentphone-wasm";
import { ArrowDown, Play } from "lucide-preact";
import { Component, type RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { count, duration } from "../../ui/format.js";
import { Problem } from "../../ui/problem.js";
import { When } from "../../ui/values.js";
import styles from "./transcript.module.css";
import type { TranscriptFeed } from "./transcript-feed.js";
import { partsWith } from "./turn-times.js";

/** Pixels from the end that count as being there. */
const NEAR = 32;
/** Milliseconds after the user has scrolled in which playback does not scroll. */
const CALM = 4000;

/** What a recording adds to the turns. */
export interface Heard {
  /** Seconds until each turn. */
  starts: readonly number[];
  /** Seconds of silence before each turn of the agent. */
  latencies: readonly (number | null)[];
  /** The turn that is playing; -1 for none. */
  current: ReadonlySignal<number>;
  playing: ReadonlySignal<boolean>;
  play: (from: number) => void;
}

interface TranscriptProps {
  feed: TranscriptFeed;
  /** Whether it goes on. */
  live: boolean;
  agent: string;
  other: string;
  /** What stands there while nobody has spoken. */
  silence: string;
  heard?: Heard | undefined;
  /** What is searched for, and the turn that was found last. */
  words?: string;
  found?: number | undefined;
}

/** The transcript of a call. */
export function Transcript({ feed, live, agent, other, silence, heard, words = "", found }: TranscriptProps) {
  const turns = feed.turns.value;
  const phase = feed.phase.value;
  const { scroller, following, missed, onScroll, toEnd } = useFollowing(turns.length, live);
  const current = useHeard(scroller, heard);
  useEffect(() => {
    if (found !== undefined) bring(scroller.current, found);
  }, [found, words]);
  return (
    <div class={styles.transcript}>
      <Problem error={feed.error.value} onRetry={() => void feed.follow()} />
      {/* What is told again to a reader who comes late is no news, and is not read out. */}
      <div
        class={styles.log}
        role="log"
        aria-label={`Transcript with ${other}`}
        aria-live={live && phase === "open" ? "polite" : "off"}
        aria-busy={phase === "connecting"}
        tabIndex={0}
        ref={scroller}
        onScroll={onScroll}
      >
        {turns.length === 0 && phase !== "failed" && (
          <p class={`muted ${styles.silence}`}>{phase === "ended" ? "Nothing was said." : silence}</p>
        )}
        <ol>
          {turns.map((turn, index) => (
            <Turn
              key={index}
              turn={turn}
              name={turn.role === "agent" ? agent : other}
              first={turns[index - 1]?.role !== turn.role}
              words={words}
              found={index === found}
              start={heard?.starts[index]}
              latency={heard?.latencies[index] ?? null}
              current={index === current}
              play={heard?.play}
            />
          ))}
        </ol>
        {phase === "ended" && turns.length > 0 && <p class={`muted small ${styles.over}`}>The call is over.</p>}
      </div>
      {!following && (
        <button type="button" class={styles.latest} onClick={toEnd}>
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
  words: string;
  found: boolean;
  start: number | undefined;
  latency: number | null;
  current: boolean;
  play: ((from: number) => void) | undefined;
}

const SAME = ["turn", "name", "words", "found", "start", "latency", "current"] as const;

/** A turn rarely changes, so it is not drawn again when others follow. */
class Turn extends Component<TurnProps> {
  override shouldComponentUpdate(next: TurnProps): boolean {
    return SAME.some((field) => next[field] !== this.props[field]);
  }

  override render({ turn, name, first, words, found, start, latency, current, play }: TurnProps) {
    const { role, content, createdAt } = turn;
    const kinds = [styles.turn, role === "agent" && styles.agent, current && styles.current, found && styles.found];
    return (
      <li class={kinds.filter(Boolean).join(" ")} data-role={role} aria-current={current ? "true" : undefined}>
        <p class={`${styles.speaker} ${first ? "small" : "hidden"}`}>
          <bdi>{name}</bdi> <When at={createdAt} />
        </p>
        <div class={styles.line}>
          <p class={styles.said} dir="auto">
            {partsWith(content, words).map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part))}
          </p>
          {start !== undefined && play !== undefined && (
            <button
              type="button"
              class={styles.from}
              aria-label={`Play from ${duration(start)}`}
              title={latency === null ? undefined : `Spoke ${latency.toFixed(1)} s after the other side`}
              onClick={() => play(start)}
            >
              <Play aria-hidden="true" size={12} />
              {duration(start)}
            </button>
          )}
        </div>
      </li>
    );
  }
}

/** Scrolls a turn into the middle, and nothing else. */
function bring(log: HTMLElement | null, index: number): void {
  const turn = log?.querySelectorAll("li")[index];
  if (!log || turn === undefined) return;
  const box = turn.getBoundingClientRect();
  const view = log.getBoundingClientRect();
  if (box.top >= view.top + NEAR && box.bottom <= view.bottom - NEAR) return;
  log.scrollTop += box.top - view.top - (view.height - box.height) / 2;
}

/** The turn that is playing; it is kept in sight during playback unless the user scrolls. */
function useHeard(scroller: RefObject<HTMLElement>, heard: Heard | undefined): number {
  const scrolled = useRef(Number.NEGATIVE_INFINITY);
  useLayoutEffect(() => {
    const log = scroller.current;
    const note = (): void => void (scrolled.current = performance.now());
    for (const name of ["wheel", "touchmove", "keydown"]) log?.addEventListener(name, note, { passive: true });
    return () => {
      for (const name of ["wheel", "touchmove", "keydown"]) log?.removeEventListener(name, note);
    };
  }, []);
  const { current, playing } = heard ?? {};
  useEffect(() => {
    if (current === undefined || playing === undefined) return;
    return effect(() => {
      const turn = current.value;
      if (playing.value && turn >= 0 && performance.now() - scrolled.current > CALM) bring(scroller.current, turn);
    });
  }, [current, playing]);
  return heard?.current.value ?? -1;
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
