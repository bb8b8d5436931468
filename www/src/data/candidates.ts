// The objects that may be the result of one intent in doubt, with what distinguishes them: state and time.

import type { AgentPhone } from "agentphone-wasm";
import { masterApi } from "../session/session.js";
import { useApi } from "./queries.js";

/** What distinguishes a candidate from the others. */
export interface Candidate {
  status?: string | null | undefined;
  /** When it was created, ISO 8601. */
  at?: string | null | undefined;
}

type Options = { signal?: AbortSignal | undefined };

/** How an object is read by its id; fails if the id does not exist. */
const READ: Record<string, (client: AgentPhone, id: string, options: Options) => Promise<Candidate>> = {
  "calls.create": async (client, id, options) => {
    const { status, startedAt } = await client.calls.get(id, {}, options);
    return { status, at: startedAt };
  },
  "agents.create": async (client, id, options) => ({ at: (await client.agents.get(id, options)).createdAt }),
  "numbers.buy": async (client, id, options) => {
    const { status, purchasedAt } = await client.numbers.get(id, options);
    return { status, at: purchasedAt };
  },
};

/** Looks one up; undefined if no operation reads such objects by id. */
export const readCandidate = (client: AgentPhone, operation: string, id: string, options: Options = {}) =>
  READ[operation]?.(client, id, options);

const EVERY = 5000;

/** One of them, polled, because a call may be in progress. */
export const useCandidate = (operation: string, id: string, main: boolean) =>
  useApi(
    ["effects", "candidate", operation, id, main],
    async (client, signal) => (await readCandidate(main ? masterApi() : client, operation, id, { signal })) ?? {},
    { every: EVERY, enabled: Object.hasOwn(READ, operation) },
  );
