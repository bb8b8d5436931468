// The sandbox's control paths: what really happened, and faults on demand. They are no part of the
// API, so plain fetch and not the client asks them.

/** What really happened since the sandbox began, whatever the client was told. */
export interface Ledger {
  requests: number;
  callsPlaced: number;
  textsSent: number;
  numbersBought: number;
  moneySpentCents: number;
  byOperation: Partial<Record<string, { received: number; performed: number }>>;
}

/** A fault: which requests go wrong, how often, and how. */
export interface FaultRule {
  match: { operation: string };
  times: number;
  status?: number;
  code?: string;
  shape?: "envelope" | "detail" | "html" | "empty" | "broken";
  headers?: Record<string, string>;
  /** With `status`: the operation is performed before the error is answered. */
  effect?: boolean;
  cut?: "before-effect" | "before-headers" | "mid-body";
  stall?: "headers" | "body";
  garbage?: "html" | "empty";
}

export const readLedger = (): Promise<Ledger> => control("GET", "ledger");

export const reset = (): Promise<unknown> => control("POST", "reset");

/** Adds a rule and gives its id. */
export async function addFault(rule: FaultRule): Promise<string> {
  const { id } = await control<{ id: string }>("POST", "faults", rule);
  return id;
}

export const removeFault = (id: string): Promise<unknown> => control("DELETE", `faults/${encodeURIComponent(id)}`);

async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "content-type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(`/__sandbox/${path}`, init);
  } catch {
    throw new Error("The sandbox does not answer. Start it with npm start, then reload this page.");
  }
  if (!response.headers.get("content-type")?.includes("json")) {
    throw new Error("No sandbox serves this page. Run npm start and open the address that it prints.");
  }
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`The sandbox refused ${method} /__sandbox/${path}: ${JSON.stringify(answer)}`);
  return answer as T;
}
