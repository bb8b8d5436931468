// The playback of a recording: one state for the player, its lanes and the transcript.

import { signal } from "@preact/signals";

export const SPEEDS = [1, 1.25, 1.5, 2] as const;
const KEPT_AS = "agentphone-speed";

const keptSpeed = (): number => {
  const kept = Number(localStorage.getItem(KEPT_AS));
  return SPEEDS.find((speed) => speed === kept) ?? 1;
};

/** Events of an audio element that may change its position or length. */
const EVENTS = ["loadedmetadata", "durationchange", "timeupdate", "seeking", "play", "pause", "ended"];

/** Of one recording. */
export class Playback {
  /** Seconds. */
  readonly at = signal(0);
  readonly length = signal(0);
  readonly playing = signal(false);
  readonly speed = signal(keptSpeed());
  #audio: HTMLAudioElement | undefined;

  /** Whether there is something to play. */
  get isReady(): boolean {
    return this.#audio !== undefined;
  }

  /** Follows an element, each frame while it plays, until the returned function is called. */
  attach(audio: HTMLAudioElement): () => void {
    this.#audio = audio;
    audio.playbackRate = this.speed.peek();
    let frame = 0;
    const look = (): void => {
      this.at.value = audio.currentTime;
      this.length.value = Number.isFinite(audio.duration) ? audio.duration : 0;
      this.playing.value = !audio.paused;
      cancelAnimationFrame(frame);
      if (!audio.paused) frame = requestAnimationFrame(look);
    };
    for (const name of EVENTS) audio.addEventListener(name, look);
    look();
    return () => {
      cancelAnimationFrame(frame);
      for (const name of EVENTS) audio.removeEventListener(name, look);
      this.#audio = undefined;
      this.playing.value = false;
    };
  }

  /** Plays, or pauses. */
  toggle(): void {
    if (this.#audio?.paused === false) this.#audio.pause();
    else this.play();
  }

  /** Plays, from a time if one is given. */
  play(from?: number): void {
    if (from !== undefined) this.seek(from);
    // A browser that blocks playback shows that itself.
    this.#audio?.play().catch(() => {});
  }

  seek(to: number): void {
    if (this.#audio === undefined) return;
    this.#audio.currentTime = Math.min(this.length.peek(), Math.max(0, to));
    this.at.value = this.#audio.currentTime;
  }

  /** Forward, or with less than 0 back. */
  move(seconds: number): void {
    // The last shown position may be slightly out of date.
    this.seek((this.#audio?.currentTime ?? 0) + seconds);
  }

  setSpeed(speed: number): void {
    this.speed.value = speed;
    localStorage.setItem(KEPT_AS, String(speed));
    if (this.#audio !== undefined) this.#audio.playbackRate = speed;
  }
}
