// Prompts that people choose in their client: typical tasks for the tools, with their rules.

import { fromJsonSchema, type McpServer } from "@modelcontextprotocol/server";

interface Prompt {
  readonly title: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly text: (values: Record<string, string>) => string;
}

const PROMPTS: Readonly<Record<string, Prompt>> = {
  call_somebody: {
    title: "Call somebody",
    description: "Place a phone call with a purpose, follow it, and report the result.",
    fields: { to: "Phone number, with country code", purpose: "What the call should achieve" },
    text: ({ to, purpose }) =>
      `Call ${to} with place_call. The purpose: ${purpose}\nThe greeting must say who is calling and why. ` +
      "Then use watch_call until the call has ended, and tell me in three sentences what the result was and what is left to do. " +
      'If a result has the status "unknown", do not call again: use find_call.',
  },
  was_it_placed: {
    title: "Was the call placed?",
    description: "Find out whether a call was placed whose response was lost.",
    fields: { to: "Phone number of the call" },
    text: ({ to }) =>
      `Find out with find_call whether the call to ${to} was placed, and tell me what you know for certain and what you do not. Do not place another call.`,
  },
  summarize_call: {
    title: "Summarize a call",
    description: "Decisions, promises and open questions of a call.",
    fields: { call_id: "Id of the call" },
    text: ({ call_id }) =>
      `Read call ${call_id} with watch_call (wait_seconds: 0). List what was decided, what was promised by whom, and which questions are open. Quote numbers and dates exactly.`,
  },
  follow_up_by_text: {
    title: "Follow up by text",
    description: "After a call, draft one text message and send it once I agree.",
    fields: { call_id: "Id of the call" },
    text: ({ call_id }) =>
      `Read call ${call_id} with watch_call (wait_seconds: 0) and draft one text message to the person with what was agreed, at most 300 characters. Show it to me, and send it with send_text only after I have agreed.`,
  },
};

/** Adds the prompts to a server. */
export const addPrompts = (server: McpServer): void => {
  for (const [name, { title, description, fields, text }] of Object.entries(PROMPTS)) {
    const argsSchema = fromJsonSchema<Record<string, string>>({
      type: "object",
      properties: Object.fromEntries(
        Object.entries(fields).map(([field, words]) => [field, { type: "string", description: words }]),
      ),
      required: Object.keys(fields),
    });
    server.registerPrompt(name, { title, description, argsSchema }, (values) => ({
      messages: [{ role: "user", content: { type: "text", text: text(values) } }],
    }));
  }
};
