// What the console talks to: the sandbox inside the page, the one that serves the page, or a real account
// behind the local proxy. Everything else asks here for the client and does not know the difference.

import { computed, signal } from "@preact/signals";
import { AgentPhone, type Hooks, type Ledger } from "agentphone-wasm";
import { watching } from "./activity.js";
import { answered, unanswered, watchConnection } from "./connection.js";
import { forgetIntents, openLedger, type PageLedger } from "./ledger.js";
import type { Mode } from "./mode.js";
import { openPageSandbox } from "./page-sandbox.js";
import { throughProxy } from "./proxy.js";
import { remoteLedger } from "./remote-ledger.js";
import { fixSecret, hasSecret, withSecret } from "./secret.js";

interface Session {
  mode: Mode;
  /** Asks the API; the client's own and the control paths' transport. */
  transport: typeof globalThis.fetch;
  /** The address of what answers here: for a real account, of its proxy. */
  baseUrl: string;
  /** The address of the API itself. Ledgers keep the keys of each address apart, and a proxy has another one in each run. */
  api: string;
}

/** What a page can talk to, as the server tells. */
interface Found {
  mode: Mode;
  /** Only of a proxy: the address of the API. */
  api?: string | undefined;
  /** Only of a proxy: whether it keeps a ledger. */
  hasLedger?: boolean | undefined;
}

let session: Session | undefined;
let kept: PageLedger | undefined;

/** The sub-account that the console acts in, as the address says; null for the account itself. */
export const account = signal<string | null>(null);
const master = signal<AgentPhone | undefined>(undefined);

const current = computed(() => {
  const client = masterApi();
  return account.value === null ? client : client.withSubAccount(account.value);
});

/** How often a lost connection was restored. */
export const reconnected = signal(0);

/** The client, acting in the chosen sub-account. */
export const api = (): AgentPhone => current.value;
/** The client of the account itself, for what belongs to no sub-account. */
export function masterApi(): AgentPhone {
  if (master.value === undefined) throw new Error("there is no session yet");
  return master.value;
}
export const mode = (): Mode => opened().mode;
/** How long the console remembers what is in doubt. */
export const ledgerLasts = (): PageLedger["lasts"] => kept?.lasts ?? "page";
/** What sends the client's requests. */
export const transport = (): typeof globalThis.fetch => opened().transport;
/** Forgets what is in doubt, with the sandbox in which it is. */
export async function forgetDoubts(): Promise<void> {
  if (kept !== undefined && !isLive()) await forgetIntents(kept.ledger);
}
/** Whether real money is at stake. */
export const isLive = (): boolean => opened().mode === "live";

function opened(): Session {
  if (session === undefined) throw new Error("there is no session yet");
  return session;
}

/** Finds out what there is to talk to, and makes the client for it; false if that needs the secret of a run. */
export async function openSession(): Promise<boolean> {
  const found = await probe();
  if (found === undefined) return false;
  const { mode: kind, api: address = location.origin, hasLedger } = found;
  const opening = hasLedger ? { ledger: remoteLedger(ask), lasts: "always" as const } : openLedger(kind);
  if (kind === "page") {
    const sandbox = await openPageSandbox();
    session = { mode: kind, transport: sandbox.fetch, baseUrl: sandbox.url, api: sandbox.url };
  } else {
    session = { mode: kind, transport: throughProxy(address, ask), baseUrl: location.origin, api: address };
  }
  if (session.mode !== "page") watchConnection(knock, () => reconnected.value++);
  kept = await opening;
  fixSecret();
  master.value = makeClient(watching(), kept.ledger);
  return true;
}

/** Marks the console's own requests, which are left out of the log of requests (`sandbox/node/exchanges.mjs`). */
const OWN = "x-agentphone-console";

/** Asks the server of this page, and shows it the secret of its run. */
const ask: typeof fetch = async (input, init) => {
  const headers = withSecret(init?.headers);
  headers.set(OWN, "1");
  try {
    const response = await fetch(input, { ...init, headers });
    answered();
    return response;
  } catch (error) {
    // A request that the page itself aborted says nothing about the server.
    if (init?.signal?.aborted !== true) unanswered();
    throw error;
  }
};

/** Checks whether the server responds. */
async function knock(signal: AbortSignal): Promise<void> {
  await fetch("./__sandbox/health", { signal, headers: { ...Object.fromEntries(withSecret()), [OWN]: "1" } });
}

/**
 * Makes a client of its own: with other hooks, and with a retry budget and rate limiters that no other client shares.
 *
 * A key in a page is readable by everybody who opens it. A sandbox takes any key, so this one is no secret
 * and opens nothing. A real account's key stays with the proxy, and the page has none.
 */
export function makeClient(hooks: Hooks, ledger?: Ledger, fetch = transport()): AgentPhone {
  const { mode: kind, api: baseUrl } = opened();
  const common = { baseUrl, fetch, hooks, ledger };
  if (kind === "live") return new AgentPhone({ apiKey: null, ...common });
  return new AgentPhone({ apiKey: "sk_sandbox_page", dangerouslyAllowBrowser: true, ...common });
}

/** The address at which programs reach this API; undefined for a sandbox inside the page, which they cannot reach. */
export const addressForCode = (): string | undefined => (opened().mode === "page" ? undefined : opened().baseUrl);

/** Sends a request to the server of this page itself, for what is no part of the API. */
export const askServer = (path: string, init?: RequestInit): Promise<Response> =>
  opened().transport(`${opened().baseUrl}/__sandbox/${path}`, init);

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
 * plain web server by the file of that name that is part of the build. The proxy says nothing without its secret:
 * undefined.
 */
async function probe(): Promise<Found | undefined> {
  try {
    const response = await ask("./__sandbox/health");
    const answer: unknown = await response.json();
    if (response.status === 401) return undefined;
    if (!response.ok || typeof answer !== "object" || answer === null) return { mode: "page" };
    if (!("mode" in answer)) return { mode: "ok" in answer ? "server" : "page" };
    return answer.mode === "live" ? { ...(answer as Omit<Found, "mode">), mode: "live" } : { mode: "page" };
  } catch {
    if (hasSecret())
      throw new Error(
        "The console's server does not answer. Start its command again, and open the address that it prints.",
      );
    return { mode: "page" };
  }
}
