// What has been looked at in this browser: the API does not tell what is unread. Until a thread has been opened,
// what came after the console was first opened counts as new.

import { signal } from "@preact/signals";

const KEPT_AS = "agentphone-seen";
/** Threads that are remembered; the longest unopened are forgotten first. */
const MOST = 500;

interface Seen {
  since: string;
  /** The time of the last message that was looked at, by thread. */
  threads: Readonly<Record<string, string>>;
}

function read(): Seen {
  const fresh = { since: new Date().toISOString(), threads: {} };
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_AS) ?? "null");
    if (typeof kept === "object" && kept !== null && "since" in kept && "threads" in kept) return kept as Seen;
  } catch {
    // Not ours, or broken: it is only a convenience.
  }
  localStorage.setItem(KEPT_AS, JSON.stringify(fresh));
  return fresh;
}

const seen = signal(read());

/** Whether something came since the thread was looked at. */
export function isNew({ id, lastMessageAt }: { id: string; lastMessageAt?: string | null | undefined }): boolean {
  if (!lastMessageAt) return false;
  return Date.parse(lastMessageAt) > Date.parse(seen.value.threads[id] ?? seen.value.since);
}

/** Remembers that a thread was looked at up to this message. */
export function markSeen(id: string, at: string): void {
  const { since, threads } = seen.peek();
  if (threads[id] === at) return;
  const { [id]: _, ...others } = threads;
  const kept = [...Object.entries(others).slice(1 - MOST), [id, at]] as const;
  seen.value = { since, threads: Object.fromEntries(kept) };
  localStorage.setItem(KEPT_AS, JSON.stringify(seen.value));
}
