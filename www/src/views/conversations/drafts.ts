// What is being written stays with its thread while one looks at another.

/** A text that is not sent yet. */
export interface Draft {
  body: string;
  /** Addresses of media, a line each. */
  media: string;
  /** An effect of iMessage; empty for none. */
  effect: string;
}

const NOTHING: Draft = { body: "", media: "", effect: "" };
const drafts = new Map<string, Draft>();

export const draftOf = (thread: string): Draft => drafts.get(thread) ?? NOTHING;

export function keepDraft(thread: string, draft: Draft): void {
  if (draft.body === "" && draft.media === "") drafts.delete(thread);
  else drafts.set(thread, draft);
}
