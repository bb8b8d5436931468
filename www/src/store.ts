// What the page knows of the account: agents, numbers, recent calls. Actions change the account and
// then refresh this; views draw themselves anew whenever it changes.

import type { Agent, AgentPhone, CallSummary, PhoneNumber } from "agentphone-wasm";
import { isOver } from "./flow/call-watch.js";
import { refreshLedger } from "./ledger.js";
import { inTurn } from "./turns.js";

/** How often a list is read again in which a call goes on. */
const EVERY_MS = 1500;

/** As last read. */
export interface Account {
  agents: Agent[];
  numbers: PhoneNumber[];
  calls: CallSummary[];
}

export class Store {
  readonly client: AgentPhone;
  readonly #views: ((account: Account) => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: AgentPhone) {
    this.client = client;
  }

  /** Has `view` called at each reading, and not before the first: until then nothing is known. */
  watch(view: (account: Account) => void): void {
    this.#views.push(view);
  }

  /** Reads all of it again, and the ledger; and goes on doing so as long as a call goes on. */
  async refresh(): Promise<void> {
    const { client } = this;
    const [agents, numbers, calls] = await inTurn(() =>
      Promise.all([
        client.agents.list({ limit: 50 }),
        client.numbers.list({ limit: 50 }),
        client.calls.list({ limit: 8 }),
        refreshLedger(),
      ]),
    );
    const account = { agents: agents.data, numbers: numbers.data, calls: calls.data };
    for (const view of this.#views) view(account);
    clearTimeout(this.#timer);
    if (account.calls.every(isOver)) return;
    // Nobody asked for this reading, so nobody is told when it fails; the next action tells.
    this.#timer = setTimeout(() => void this.refresh().catch(() => {}), EVERY_MS);
  }
}

/** The agents that can place a call, because they have a number. */
export function callers(account: Account): Agent[] {
  return account.agents.filter((agent) => (agent.numbers ?? []).length > 0);
}
