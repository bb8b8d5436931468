// The player of a call's recording: play, position, speed, and the two sides as lanes.

import { Download, Pause, Play, RotateCcw, RotateCw } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { duration } from "../../ui/format.js";
import { useKeys } from "../../ui/keys.js";
import { Lanes } from "./lanes.js";
import { type Playback, SPEEDS } from "./playback.js";
import styles from "./player.module.css";
import type { Sound } from "./recording.js";

/** Seconds that an arrow key and the buttons next to Play move. */
const JUMP = 5;

interface PlayerProps {
  sound: Sound;
  playback: Playback;
  starts: readonly number[];
  roles: readonly string[];
  agent: string;
  other: string;
}

/** The player. */
export function Player({ sound, playback, starts, roles, agent, other }: PlayerProps) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => (audio.current === null ? undefined : playback.attach(audio.current)), [playback]);
  useKeys({
    " ": () => playback.toggle(),
    ArrowLeft: () => playback.move(-JUMP),
    ArrowRight: () => playback.move(JUMP),
  });
  const playing = playback.playing.value;
  return (
    <div class={styles.player}>
      {/* biome-ignore lint/a11y/useMediaCaption: the transcript is next to it */}
      <audio ref={audio} preload="metadata" src={sound.url} />
      <div class={styles.legend}>
        <span class={styles.other}>{other}</span>
        <span class={styles.agent}>{agent}</span>
      </div>
      {sound.samples === undefined ? (
        <div>
          <div class={styles.lanes} />
          <div class={styles.axis} />
        </div>
      ) : (
        <Lanes samples={sound.samples} playback={playback} starts={starts} roles={roles} />
      )}
      <div class={`row ${styles.controls}`}>
        <button
          type="button"
          class={`primary ${styles.play}`}
          aria-label={playing ? "Pause" : "Play"}
          title="Space"
          onClick={() => playback.toggle()}
        >
          {playing ? <Pause aria-hidden="true" size={18} /> : <Play aria-hidden="true" size={18} />}
        </button>
        <button
          type="button"
          class="icon"
          aria-label={`Back ${JUMP} seconds`}
          title="←"
          onClick={() => playback.move(-JUMP)}
        >
          <RotateCcw aria-hidden="true" size={17} />
        </button>
        <button
          type="button"
          class="icon"
          aria-label={`Forward ${JUMP} seconds`}
          title="→"
          onClick={() => playback.move(JUMP)}
        >
          <RotateCw aria-hidden="true" size={17} />
        </button>
        <span class={styles.time}>
          {duration(playback.at.value)} <span class="muted">/ {duration(playback.length.value)}</span>
        </span>
        <select
          aria-label="Speed"
          class={styles.speed}
          value={String(playback.speed.value)}
          onChange={(event) => playback.setSpeed(Number(event.currentTarget.value))}
        >
          {SPEEDS.map((speed) => (
            <option key={speed} value={String(speed)}>
              {speed}×
            </option>
          ))}
        </select>
        <a
          class={`button ${styles.download}`}
          href={sound.url}
          download={sound.name}
          aria-label="Download"
          title="Download"
        >
          <Download aria-hidden="true" size={17} />
        </a>
      </div>
    </div>
  );
}
