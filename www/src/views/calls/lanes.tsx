// A recording as two lanes, one for each side, with a time axis: shows how far it has been played, and seeks to where the
// user clicks.

import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { theme } from "../../app/theme.js";
import { duration } from "../../ui/format.js";
import { barsIn, draw, peaks } from "./peaks.js";
import type { Playback } from "./playback.js";
import styles from "./player.module.css";
import { stepOf, turnAt } from "./turn-times.js";

/** Seconds that an arrow key moves, and Page Up and Page Down. */
const STEP = 1;
const LEAP = 10;
/** Pixels between two marks of the axis, at least. */
const MARK = 70;
/** What the text of a mark needs. */
const MARK_TEXT = 36;

interface LanesProps {
  samples: Float32Array;
  playback: Playback;
  /** When each turn begins, in seconds, and whose it is. */
  starts: readonly number[];
  roles: readonly string[];
}

/** The lanes. */
export function Lanes({ samples, playback, starts, roles }: LanesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const heights = useMemo(() => (width === 0 ? [] : peaks(samples, barsIn(width))), [samples, width]);
  const length = playback.length.value;
  const redraw = (): void => {
    if (canvas.current === null) return;
    const { color, borderTopColor } = getComputedStyle(canvas.current);
    const isAgent = (at: number): boolean => roles[turnAt(starts, at * length)] === "agent";
    const played = length === 0 ? 0 : playback.at.peek() / length;
    draw(canvas.current, { heights, isAgent, played, agent: color, other: borderTopColor });
  };
  const latest = useRef(redraw);
  latest.current = redraw;
  useEffect(redraw, [heights, starts, length]);
  useSignalEffect(() => {
    void playback.at.value;
    latest.current();
  });
  useEffect(() => {
    const again = (): void => latest.current();
    const size = new ResizeObserver(() => setWidth(canvas.current?.clientWidth ?? 0));
    if (canvas.current !== null) size.observe(canvas.current);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    return () => {
      size.disconnect();
      dark.removeEventListener("change", again);
    };
  }, []);
  useSignalEffect(() => {
    void theme.value;
    // The styles follow in the next frame.
    requestAnimationFrame(() => latest.current());
  });
  return (
    <div>
      <Slider playback={playback}>
        <canvas ref={canvas} class={styles.canvas} />
      </Slider>
      <Axis length={length} width={width} />
    </div>
  );
}

function Slider({ playback, children }: { playback: Playback; children: preact.ComponentChildren }) {
  const [at, length] = [playback.at.value, playback.length.value];
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = moves[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (Number.isFinite(move)) playback.move(move);
    else playback.seek(move > 0 ? length : 0);
  };
  const point = ({ currentTarget, clientX }: PointerEvent): void => {
    const { left, width } = (currentTarget as HTMLElement).getBoundingClientRect();
    playback.seek(((clientX - left) / width) * length);
  };
  return (
    <div
      class={styles.lanes}
      role="slider"
      tabIndex={0}
      aria-label="Position in the recording"
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={`${duration(at)} of ${duration(length)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) point(event);
      }}
    >
      {children}
      <span class={styles.head} style={{ left: `${length === 0 ? 0 : (at / length) * 100}%` }} aria-hidden="true" />
    </div>
  );
}

const moves: Partial<Record<string, number>> = {
  ArrowLeft: -STEP,
  ArrowDown: -STEP,
  ArrowRight: STEP,
  ArrowUp: STEP,
  PageDown: -LEAP,
  PageUp: LEAP,
  Home: -Infinity,
  End: Infinity,
};

function Axis({ length, width }: { length: number; width: number }) {
  if (length === 0 || width === 0) return <div class={styles.axis} />;
  const step = stepOf(length, Math.max(1, width / MARK));
  const marks = Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
  return (
    <div class={styles.axis} aria-hidden="true">
      {marks
        // The last one would not fit.
        .filter((mark) => (mark / length) * width < width - MARK_TEXT)
        .map((mark) => (
          <span key={mark} style={{ left: `${(mark / length) * 100}%` }}>
            {duration(mark)}
          </span>
        ))}
    </div>
  );
}
