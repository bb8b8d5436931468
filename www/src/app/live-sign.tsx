// What the tab says while one looks elsewhere: its icon has the number of live calls, and so has its title.

import { useEffect } from "preact/hooks";
import { useTalking } from "../data/live-calls.js";

const MOST_SHOWN = 9;

/** The icon with a number: the mark, smaller, and a disc. */
function iconWith(count: number): string {
  const text = count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count);
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="26" height="26" rx="7" fill="#0b6e5d"/><path d="M6.5 7.3c0 6.9 5.3 12.2 12.2 12.2v-3.3l-3.7-1.4-1.6 1.6c-1.6-.8-3-2.2-3.8-3.8l1.6-1.6-1.4-3.7z" fill="#fff"/><circle cx="22" cy="22" r="10" fill="#1d4fa8" stroke="#fff" stroke-width="1.5"/><text x="22" y="26.5" font-family="sans-serif" font-weight="700" font-size="${text.length === 1 ? 13 : 10}" text-anchor="middle" fill="#fff">${text}</text></svg>`,
  )}`;
}

/** Counts the live calls in the icon of the tab; gives their number. */
export function useLiveSign(): number {
  const count = useTalking()?.length ?? 0;
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
    if (link === null) return;
    const plain = link.href;
    if (count > 0) link.href = iconWith(count);
    return () => {
      link.href = plain;
    };
  }, [count]);
  return count;
}
