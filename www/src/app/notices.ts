// Short news: shown in a corner for some seconds and read aloud by screen readers.

import { signal } from "@preact/signals";

/** A piece of news. */
export interface Notice {
  id: number;
  tone: "good" | "bad";
  text: string;
  /** The error, where it is one. */
  error?: unknown;
  /** Takes back what was done. */
  undo?: () => void;
}

/** Milliseconds that good news stays; bad news stays until it is closed. */
const STAYS = 6000;
let last = 0;

export const notices = signal<readonly Notice[]>([]);

/** Takes a notice away. */
export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Tells that something worked. */
export function tell(text: string, undo?: () => void): void {
  add({ tone: "good", text, ...(undo === undefined ? {} : { undo }) });
}

/** Tells that something failed. What the page itself aborted is no news. */
export function tellError(error: unknown): void {
  if (error instanceof Error && error.name === "AbortError") return;
  add({ tone: "bad", text: "", error });
}

function add(notice: Omit<Notice, "id">): void {
  last += 1;
  const id = last;
  notices.value = [...notices.value.slice(-3), { id, ...notice }];
  if (notice.tone === "good") setTimeout(() => dismiss(id), STAYS);
}
