// What the signature checker begins with: a delivery that was opened before. It leaves the page's memory with the checker.

import { signal } from "@preact/signals";

/** Headers and body of a delivery. */
export interface ToCheck {
  headers: Record<string, string>;
  body: string;
}

export const toCheck = signal<ToCheck | undefined>(undefined);
