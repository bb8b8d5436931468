// Holds a command to its policy: before anything is sent it must be allowed, by the rules and, where they demand it, by a person.
// What was counted is given back only if it is proven that nothing was sent.

import { type AgentPhone, AgentPhoneError, type Ledger } from "agentphone-wasm";
import { type Policy, type PolicyAction, type PolicyVerdict, policy } from "agentphone-wasm/tools";
import type { Connection } from "../connection.js";
import { CommandError, EXIT } from "../failure.js";
import { type Task, titleOf } from "../operation.js";
import { actionsOf, disclosed } from "./actions.js";
import { policyOptions } from "./file.js";

/** What a policy leaves to the command. */
export interface Steps {
  /** Asks the person whom the policy demands; throws if they decline. */
  readonly ask: (title: string, price: string | undefined) => Promise<void>;
  /** Asks as the command does without a policy. */
  readonly consent: () => Promise<void>;
  /** Does it. True: an earlier run with the key had done it already. */
  readonly work: (task: Task) => Promise<boolean>;
}

type Barrier = Exclude<PolicyVerdict, { decision: "allow" }>;

/** Counts in the ledger of the account. */
const rulesOf = (file: string, ledger: Ledger): Policy => policy({ ...policyOptions(file), ledger });

const refusedBy = (barrier: Barrier): CommandError => {
  const retryAt = barrier.decision === "refuse" ? barrier.retryAt : undefined;
  return new CommandError(barrier.code, `the policy refused: ${barrier.message}`, {
    exit: EXIT.refused,
    hint: retryAt && `allowed again at ${retryAt.toISOString()}`,
  });
};

/** Whether an earlier run with the key has done it or may have: then this run only settles it, and is not counted again. */
const isKnown = async (client: AgentPhone, key: string | undefined): Promise<boolean> => {
  const state = key === undefined ? undefined : (await client.effects.get(key))?.state;
  return state !== undefined && state !== "refused" && state !== "not_placed";
};

/** Has a person asked about everything that demands one, in one question. */
const askFor = async (
  task: Task,
  asked: readonly Extract<PolicyVerdict, { decision: "ask" }>[],
  steps: Steps,
): Promise<void> => {
  const cost = asked.reduce((sum, one) => sum + one.cost, 0);
  const people = asked.length > 1 ? ` (${asked.length} people)` : "";
  await steps.ask(`${titleOf(task.operation)}${people}`, cost > 0 ? `At most $${cost.toFixed(2)}.` : undefined);
};

/** Counts all actions, or none. Resolves with what undoes it. */
const admit = async (
  rules: Policy,
  actions: readonly PolicyAction[],
  agreed: boolean,
): Promise<() => Promise<void>> => {
  const releases: (() => Promise<void>)[] = [];
  const release = async (): Promise<void> => void (await Promise.all(releases.map((undo) => undo())));
  try {
    for (const action of actions) {
      let verdict = await rules.admit(action);
      if (verdict.decision === "ask" && agreed)
        verdict = await rules.admit({ ...action, approval: await rules.approve(verdict.request) });
      if (verdict.decision !== "allow") throw refusedBy(verdict);
      releases.push(verdict.release);
    }
  } catch (error) {
    await release();
    throw error;
  }
  return release;
};

/** Does what a command is about to do, if the policy allows it. */
export const underPolicy = async (
  file: string,
  { client, ledger }: Connection,
  given: Task,
  steps: Steps,
): Promise<void> => {
  const rules = rulesOf(file, ledger);
  const task = { ...given, input: disclosed(given, rules) };
  if (await isKnown(client, task.key)) {
    await steps.consent();
    await steps.work(task);
    return;
  }
  const actions = actionsOf(task);
  // A person is not asked about what is refused anyway.
  const verdicts = await Promise.all(actions.map((action) => rules.check(action)));
  const refused = verdicts.find((verdict) => verdict.decision === "refuse");
  if (refused) throw refusedBy(refused);
  const asked = verdicts.filter((verdict) => verdict.decision === "ask");
  await (asked.length > 0 ? askFor(task, asked, steps) : steps.consent());
  const release = await admit(rules, actions, asked.length > 0);
  try {
    if (await steps.work(task)) await release();
  } catch (error) {
    // Any other error, e.g. of printing, proves nothing.
    if (AgentPhoneError.is(error) && !error.outcomeUnknown) await release();
    throw error;
  }
};

/** The task as it would be sent, and what the policy would decide now: the first verdict that is not `allow`. Nothing is counted. */
export const preview = async (file: string, ledger: Ledger, given: Task): Promise<{ task: Task; verdict: object }> => {
  const rules = rulesOf(file, ledger);
  const task = { ...given, input: disclosed(given, rules) };
  const verdicts = await Promise.all(actionsOf(task).map((action) => rules.check(action)));
  const refused = verdicts.find((verdict) => verdict.decision === "refuse");
  const barrier = refused ?? verdicts.find((verdict) => verdict.decision === "ask");
  if (barrier === undefined) return { task, verdict: { decision: "allow" } };
  const { decision, code, message } = barrier;
  const retryAt = refused?.retryAt;
  return { task, verdict: { decision, code, message, ...(retryAt && { retryAt: retryAt.toISOString() }) } };
};
