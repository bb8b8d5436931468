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
/** Milliseconds that it stays after somebody has read it. */
const AFTERWARDS = 2000;
let last = 0;
let isRead = false;

export const notices = signal<readonly Notice[]>([]);

/** Takes a notice away. */
export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
  // What is under the pointer and then gone says nothing about it.
  if (notices.value.length === 0) isRead = false;
}

/** Says whether somebody is reading, with the pointer or the focus on the notices: they stay meanwhile. */
export function reading(now: boolean): void {
  isRead = now;
}

function leave(id: number, after: number): void {
  setTimeout(() => (isRead ? leave(id, AFTERWARDS) : dismiss(id)), after);
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
  if (notice.tone === "good") leave(id, STAYS);
}
