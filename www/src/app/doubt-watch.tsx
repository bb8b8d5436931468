// Looks for what may have happened for as long as something is in doubt, whichever view is open, and tells what came to
// light.

import { useEffect } from "preact/hooks";
import { asked, type Found, inSight, isWorthTelling, lookForDoubts, useDoubts } from "../data/doubts.js";
import { pauseAfter } from "../data/look-pauses.js";
import { changed, useApi } from "../data/queries.js";
import { watchWebhooks } from "../data/webhook-evidence.js";
import { wordsOf } from "../ui/intent-words.js";
import { tell } from "./notices.js";

/** It shows nothing. */
export function DoubtWatch() {
  const keys = (useDoubts().data ?? []).map(({ key }) => key);
  // For other intents, and for whoever comes back to one, it begins anew, with short pauses.
  const of = [asked.value, ...keys].join();
  useApi(["effects", "looks", of], (_, signal) => look(of, signal), {
    every: (looks) => pauseAfter(looks ?? 1),
    enabled: keys.length > 0,
  });
  useEffect(() => watchWebhooks(tellOf), []);
  return null;
}

let counted = { of: "", looks: 0 };

/** Announces what was found out, unless a dialog shows it. */
function tellOf(news: readonly Found[]): void {
  for (const { key, operation } of news) if (!inSight.has(key)) tell(cameToLight(operation));
}

/** How often it was looked for these. */
async function look(of: string, signal: AbortSignal): Promise<number> {
  const news = await lookForDoubts(signal);
  if (news.length > 0) {
    tellOf(news);
    // Not from within: everything is read again, this query too.
    setTimeout(() => void changed());
  }
  counted = { of, looks: counted.of === of ? counted.looks + 1 : 1 };
  return counted.looks;
}

/** The news. */
const cameToLight = (operation: string): string => {
  const { noun, done } = wordsOf(operation);
  return `The ${noun} whose response was lost was ${done} after all. See In doubt.`;
};

/** How many are in doubt, for the navigation. */
export const useDoubtCount = (): number => (useDoubts().data ?? []).filter(isWorthTelling).length;
