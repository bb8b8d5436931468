// What the console talks to: the sandbox inside the page, the one that serves the page, or a real account
// behind the local proxy. Everything else asks here for the client and does not know the difference.

import { computed, effect, signal } from "@preact/signals";
import { AgentPhone, type Hooks, type Ledger } from "agentphone-wasm";
import { watching } from "./activity.js";
import { forgetIntents, openLedger, type PageLedger } from "./ledger.js";
import { openPageSandbox } from "./page-sandbox.js";
import { fixSecret, hasSecret, withSecret } from "./secret.js";

/** page: the sandbox runs in the page; server: it serves the page; live: a real account, through the proxy. */
export type Mode = "page" | "server" | "live";

interface Session {
  mode: Mode;
  /** Asks the API; the client's own and the control paths' transport. */
  transport: typeof globalThis.fetch;
  baseUrl: string;
}

let session: Session | undefined;
let kept: PageLedger | undefined;

/** The sub-account that the console acts in; null for the account itself. */
export const account = signal<string | null>(null);
const master = signal<AgentPhone | undefined>(undefined);

const current = computed(() => {
  const client = masterApi();
  return account.value === null ? client : client.withSubAccount(account.value);
});

/** The client, acting in the chosen sub-account. */
export const api = (): AgentPhone => current.value;
/** The client of the account itself, for what belongs to no sub-account. */
export function masterApi(): AgentPhone {
  if (master.value === undefined) throw new Error("there is no session yet");
  return master.value;
}
export const mode = (): Mode => opened().mode;
/** Whether what is in doubt outlives a reload. */
export const isLedgerKept = (): boolean => kept?.isKept === true;
/** Forgets what is in doubt, with the sandbox in which it is. */
export const forgetDoubts = async (): Promise<void> => kept && forgetIntents(kept.ledger);
/** Whether real money is at stake. */
export const isLive = (): boolean => opened().mode === "live";

function opened(): Session {
  if (session === undefined) throw new Error("there is no session yet");
  return session;
}

/** Finds out what there is to talk to, and makes the client for it; false if that needs the secret of a run. */
export async function openSession(): Promise<boolean> {
  const found = await probe();
  if (found === "locked") return false;
  const opening = openLedger(found);
  if (found === "page") {
    const sandbox = await openPageSandbox();
    session = { mode: found, transport: sandbox.fetch, baseUrl: sandbox.url };
  } else {
    session = { mode: found, transport: ask, baseUrl: location.origin };
  }
  kept = await opening;
  fixSecret();
  keepAccount(session.mode);
  master.value = makeClient(watching(), kept.ledger);
  return true;
}

/**
 * A reload acts in the same sub-account: in the main account, the next action would be done for somebody else. Kept
 * by the tab and by what it talks to, because one address may serve a sandbox now and a real account later.
 */
function keepAccount(kind: Mode): void {
  const keptAs = `agentphone-account-${kind}`;
  account.value = sessionStorage.getItem(keptAs);
  effect(() => {
    if (account.value === null) sessionStorage.removeItem(keptAs);
    else sessionStorage.setItem(keptAs, account.value);
  });
}

/** Asks the server of this page, and shows it the secret of its run. */
const ask: typeof fetch = (input, init) => fetch(input, { ...init, headers: withSecret(init?.headers) });

/**
 * Makes a client of its own: with other hooks, and with a retry budget and rate limiters that no other client shares.
 *
 * A key in a page is readable by everybody who opens it. A sandbox takes any key, so this one is no secret
 * and opens nothing. A real account's key stays with the proxy, and the page has none.
 */
export function makeClient(hooks: Hooks, ledger?: Ledger): AgentPhone {
  const { mode: kind, transport, baseUrl } = opened();
  const common = { baseUrl, fetch: transport, hooks, ledger };
  if (kind === "live") return new AgentPhone({ apiKey: null, ...common });
  return new AgentPhone({ apiKey: "sk_sandbox_page", dangerouslyAllowBrowser: true, ...common });
}

/** Asks a control path of the sandbox. They are no part of the API, so that plain fetch asks them. */
export async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const { transport, baseUrl } = opened();
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await transport(`${baseUrl}/__sandbox/${path}`, init);
  } catch {
    throw new Error("The sandbox does not answer. Start it with npm start, then reload this page.");
  }
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`The sandbox refused ${method} /__sandbox/${path}: ${JSON.stringify(answer)}`);
  return answer as T;
}

/**
 * What serves this page says what it is: a sandbox at its control path, the proxy in the same place, and a
 * plain web server by the file of that name that is part of the build. The proxy says nothing without its secret.
 */
async function probe(): Promise<Mode | "locked"> {
  try {
    const response = await ask("./__sandbox/health");
    const answer: unknown = await response.json();
    if (response.status === 401) return "locked";
    if (!response.ok || typeof answer !== "object" || answer === null) return "page";
    if (!("mode" in answer)) return "ok" in answer ? "server" : "page";
    return answer.mode === "live" ? "live" : "page";
  } catch {
    if (hasSecret())
      throw new Error(
        "The console's server does not answer. Start it with npm start -- --live, and open the address that it prints.",
      );
    return "page";
  }
}
