// The shape of a recording under its player: shows how far it has been played, and goes where one points.

import { useSignalEffect } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { theme } from "../../app/theme.js";
import { duration } from "../../ui/format.js";
import { draw } from "./peaks.js";

/** Seconds that an arrow key moves, and Page Up and Page Down. */
const STEP = 1;
const LEAP = 10;

/** The waveform of what `player` plays. */
export function Waveform({ samples, player }: { samples: Float32Array; player: RefObject<HTMLAudioElement> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { at, length } = useProgress(player);
  const redraw = (): void => {
    if (canvas.current === null) return;
    const { color, borderTopColor } = getComputedStyle(canvas.current);
    draw(canvas.current, samples, { played: length === 0 ? 0 : at / length, before: color, after: borderTopColor });
  };
  const latest = useRef(redraw);
  latest.current = redraw;
  useEffect(redraw, [samples, at, length]);
  useEffect(() => {
    const again = (): void => latest.current();
    const size = new ResizeObserver(again);
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
  const seek = (to: number): void => {
    if (player.current !== null) player.current.currentTime = Math.min(length, Math.max(0, to));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // What was drawn last may be of a moment ago.
    const to = target(event.key, player.current?.currentTime ?? 0, length);
    if (to === undefined) return;
    event.preventDefault();
    seek(to);
  };
  return (
    <div
      class="waveform"
      role="slider"
      tabIndex={0}
      aria-label="Position in the recording"
      aria-valuemin={0}
      aria-valuemax={Math.round(length)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={`${duration(at)} of ${duration(length)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const { left, width } = event.currentTarget.getBoundingClientRect();
        seek(((event.clientX - left) / width) * length);
      }}
    >
      <canvas ref={canvas} />
    </div>
  );
}

function target(key: string, at: number, length: number): number | undefined {
  const moves: Partial<Record<string, number>> = {
    ArrowLeft: at - STEP,
    ArrowDown: at - STEP,
    ArrowRight: at + STEP,
    ArrowUp: at + STEP,
    PageDown: at - LEAP,
    PageUp: at + LEAP,
    Home: 0,
    End: length,
  };
  return moves[key];
}

/** How far it is, each frame while it plays. */
function useProgress(player: RefObject<HTMLAudioElement>): { at: number; length: number } {
  const [progress, show] = useState({ at: 0, length: 0 });
  useEffect(() => {
    const audio = player.current;
    if (audio === null) return;
    let frame = 0;
    const look = (): void => {
      show({ at: audio.currentTime, length: Number.isFinite(audio.duration) ? audio.duration : 0 });
      cancelAnimationFrame(frame);
      if (!audio.paused) frame = requestAnimationFrame(look);
    };
    const events = ["loadedmetadata", "durationchange", "timeupdate", "seeking", "play", "pause", "ended"];
    for (const name of events) audio.addEventListener(name, look);
    look();
    return () => {
      cancelAnimationFrame(frame);
      for (const name of events) audio.removeEventListener(name, look);
    };
  }, []);
  return progress;
}
