// What an operation is in the terms of a policy: its name, what it spends, and whom it reaches. Pure.

import type { Policy, PolicyAction } from "agentphone-wasm/tools";
import type { Operation, Task } from "../operation.js";

/** Operations that a tool for models performs too have its name, so that one file limits both. */
const TOOLS: Readonly<Record<string, string>> = {
  "agents.create": "create_agent",
  "agents.update": "update_agent",
  "calls.create": "place_call",
  "calls.end": "end_call",
  "contacts.create": "save_contact",
  "contacts.update": "save_contact",
  "messages.send": "send_text",
  "numbers.buy": "buy_number",
};

const SPENDS: Readonly<Record<string, "call" | "text" | "number">> = {
  "calls.create": "call",
  "messages.send": "text",
  "verification.send": "text",
  "numbers.buy": "number",
};

/** Fields that name who is reached, in both spellings that the client accepts. */
const RECIPIENTS = ["toNumber", "to_number", "recipients", "phoneNumber", "phone_number"];

/** Whether a policy has a say: a command that only reads needs no permission. */
export const isLimited = ({ method }: Operation): boolean => method !== "GET";

const recipientsOf = (input: Readonly<Record<string, unknown>>): string[] => {
  const found = RECIPIENTS.flatMap((name) => input[name] ?? []);
  return [...new Set(found.filter((one): one is string => typeof one === "string" && one !== ""))];
};

/** One action for each person who is reached; one if the operation reaches no one. */
export const actionsOf = ({ operation, ids, input = {} }: Task): PolicyAction[] => {
  const { id, side } = operation;
  const spends = SPENDS[id];
  const action: PolicyAction = {
    tool: TOOLS[id] ?? id,
    kind: side === "none" ? "change" : "effect",
    content: { ids, input },
    ...(spends && { spends }),
  };
  const people = spends === "call" || spends === "text" ? recipientsOf(input) : [];
  return people.length === 0 ? [action] : people.map((to) => ({ ...action, to }));
};

/** The input with the policy's disclosure in the first words of a call. */
export const disclosed = ({ operation, input }: Task, rules: Pick<Policy, "greeting">): Task["input"] => {
  if (operation.id !== "calls.create") return input;
  const given = input?.initialGreeting;
  const greeting = rules.greeting(typeof given === "string" ? given : "");
  return greeting === "" ? input : { ...input, initialGreeting: greeting };
};
