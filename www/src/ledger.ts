// The counters in the header: what the sandbox's ledger says, after each action.

import { byId } from "./dom.js";
import { money } from "./format.js";
import { readLedger } from "./sandbox.js";

/** Reads the ledger and shows it. */
export async function refreshLedger(): Promise<void> {
  const ledger = await readLedger();
  show("count-calls", String(ledger.callsPlaced));
  show("count-texts", String(ledger.textsSent));
  show("count-numbers", String(ledger.numbersBought));
  show("count-spent", money(ledger.moneySpentCents));
}

function show(id: string, text: string): void {
  byId(id, HTMLElement).textContent = text;
}
