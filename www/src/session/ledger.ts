// Where the page keeps what may have happened: in the browser's own database, so that a reload forgets nothing and other
// tabs know of it. A sandbox inside the page belongs to its tab, and so does what was done in it.

import type { Ledger } from "agentphone-wasm";
import { indexedDbLedger, memoryLedger } from "agentphone-wasm/ledger";
import type { Mode } from "./mode.js";

const NAME = "agentphone-console";
/** The tab's name for the sandbox that is inside it. */
const PAGE_AS = "agentphone-page";
/** Milliseconds for which settled intents are kept: long enough for any look of another tab. */
const KEPT = 7 * 86_400_000;
const MOST = 200;

/** The ledger, and how long it lasts: until the next reload, while this origin is served, or for good. */
export interface PageLedger {
  ledger: Ledger;
  lasts: "page" | "origin" | "always";
}

/** Opens it; one that is forgotten with the page where the browser lets it store nothing. */
export async function openLedger(mode: Mode): Promise<PageLedger> {
  try {
    const ledger = indexedDbLedger(NAME, { namespace: mode === "page" ? `page-${nameOfPage()}` : mode });
    await ledger.prune({ olderThan: Date.now() - KEPT });
    return { ledger, lasts: "origin" };
  } catch {
    return { ledger: memoryLedger(), lasts: "page" };
  }
}

function nameOfPage(): string {
  const known = sessionStorage.getItem(PAGE_AS);
  if (known !== null) return known;
  const name = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36)).join("");
  sessionStorage.setItem(PAGE_AS, name);
  return name;
}

/** A sandbox inside the page begins anew after the next load, and nothing of this one can be found in it. */
export const leavePage = (): void => sessionStorage.removeItem(PAGE_AS);

/** Forgets all of it: the sandbox in which it happened is no more. */
export async function forgetIntents(ledger: Ledger): Promise<void> {
  for (let open = await ledger.open({ limit: MOST }); open.length > 0; open = await ledger.open({ limit: MOST }))
    for (const { key, stamp } of open) await ledger.write([{ key, was: stamp, entry: null }]);
  await ledger.prune({ olderThan: Number.MAX_SAFE_INTEGER });
}
