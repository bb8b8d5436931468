// The sandbox inside the page: a whole AgentPhone with no server at all. A reload of the page keeps what
// was done, a new tab begins anew.

import type { Sandbox } from "agentphone-wasm/sandbox";

const KEPT_AS = "agentphone-sandbox";

/** Loads the module and starts it. */
export async function openPageSandbox(): Promise<Sandbox> {
  const { createSandbox } = await import("agentphone-wasm/sandbox");
  // Webhooks go nowhere: the page may not ask other hosts, and its own endpoint answers all of them.
  const sandbox = createSandbox({ limits: false, onWebhook: () => {} });
  restore(sandbox);
  // The one moment that a page has for certain before it is gone.
  addEventListener("pagehide", () => keep(sandbox));
  return sandbox;
}

function restore(sandbox: Sandbox): void {
  const saved = sessionStorage.getItem(KEPT_AS);
  if (saved === null) return;
  try {
    sandbox.state.load(saved);
  } catch {
    // Of another version: what it held was a sandbox's, and is not missed.
    sessionStorage.removeItem(KEPT_AS);
  }
}

function keep(sandbox: Sandbox): void {
  try {
    sessionStorage.setItem(KEPT_AS, sandbox.state.save());
  } catch {
    // Larger than what a tab may keep: it begins anew.
    sessionStorage.removeItem(KEPT_AS);
  }
}
