// The sandbox inside the page: a whole AgentPhone with no server at all. Its module comes as a file of its
// own, beside the rest of the page. A reload of the page keeps what was done, a new tab begins anew.

import type { Sandbox } from "agentphone-wasm/sandbox";
import moduleUrl from "agentphone-wasm/sandbox.wasm?url";

import { leavePage } from "./ledger.js";

const KEPT_AS = "agentphone-sandbox";
/** In the tab's memory, or `?demo` in the address: it begins with two weeks of activity. */
const DEMO_AS = "agentphone-demo";

const wantsDemo = (): boolean =>
  sessionStorage.getItem(DEMO_AS) !== null || new URLSearchParams(location.search).has("demo");

let hear: (request: Request) => void = () => {};
/** Passes each webhook of this sandbox to `listener`. */
export const onPageWebhook = (listener: (request: Request) => void): void => void (hear = listener);

/** Loads the module and starts it. */
export async function openPageSandbox(): Promise<Sandbox> {
  const [{ createSandbox, loadModule }, past] = await Promise.all([
    import("agentphone-wasm/sandbox/slim"),
    wantsDemo() ? import("agentphone-wasm/sandbox/demo").then(({ demo }) => ({ demo: demo() })) : {},
  ]);
  // Webhooks go nowhere: the page may not ask other hosts, and its own endpoint answers all of them.
  const onWebhook = (request: Request): void => hear(request);
  const sandbox = createSandbox({ module: await loadModule(moduleUrl), limits: false, onWebhook, ...past });
  restore(sandbox);
  // The one moment that a page has for certain before it is gone.
  addEventListener("pagehide", () => keep(sandbox));
  return sandbox;
}

/** Begins anew, with two weeks of activity behind it. */
export function beginWithDemo(): void {
  sessionStorage.setItem(DEMO_AS, "1");
  leavePage();
  forgetting = true;
  location.reload();
}

/** Set when the page is left for a new beginning. */
let forgetting = false;

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
    if (forgetting) sessionStorage.removeItem(KEPT_AS);
    else sessionStorage.setItem(KEPT_AS, sandbox.state.save());
  } catch {
    // Larger than what a tab may keep: it begins anew.
    sessionStorage.removeItem(KEPT_AS);
  }
}
