// @ts-check
// The tools for agents.

import { id, oneOf, pick, repeating, text } from "./define.js";

/** @typedef {import("./define.js").Definition} Definition */

const agentFields = () => ({
  agent_id: text("Id of the agent."),
  name: text("Its name."),
  mode: text("hosted: speaks on its own; webhook: asks a program for each answer."),
  voice: text("Id of its voice."),
  language: text("Its language."),
});

/** @param {any} agent */
const agentOf = (agent) =>
  pick(agent, { id: "agent_id", name: "name", voiceMode: "mode", voice: "voice", language: "language" });

const settingFields = () => ({
  description: text("A note for people about what the agent is for.", 2000),
  mode: oneOf("hosted: speaks on its own and needs instructions. webhook: asks a program for each answer.", [
    "hosted",
    "webhook",
  ]),
  instructions: text("How a hosted agent should speak, and what it should do.", 20_000),
  greeting: text("Its first words when somebody calls.", 2000),
  voice: id("Id of a voice."),
  language: { ...text("Locale, e.g. en-US.", 20), pattern: "^[a-z]{2,3}-[A-Z0-9]{2,3}$" },
  voicemail: text("What it says to a voicemail.", 2000),
});

/** @param {any} input */
const settingsOf = (input) =>
  pick(input, {
    name: "name",
    description: "description",
    mode: "voiceMode",
    instructions: "systemPrompt",
    greeting: "beginMessage",
    voice: "voice",
    language: "language",
    voicemail: "voicemailMessage",
  });

/** @returns {Definition[]} */
export const agents = () => [
  {
    name: "create_agent",
    title: "Create an agent",
    description:
      "Creates an agent that can answer and place calls once it has a number (buy_number). The same agent within the window is not created again.",
    kind: "effect",
    input: { name: text("Its name.", 200), ...settingFields(), ...repeating() },
    required: ["name"],
    result: { ...agentFields(), placed_seconds_ago: { type: "integer", description: "How long ago it was created." } },
    run: async ({ client, input, options }) => {
      const { data, replayed } = await client.agents.create(settingsOf(input), options).withResponse();
      return { result: agentOf(data), message: "The agent exists.", next: "buy_number", replayed };
    },
  },
  {
    name: "update_agent",
    title: "Change an agent",
    description: "Changes the given settings of an agent and leaves the others.",
    kind: "change",
    input: { agent_id: id("Id of the agent."), name: text("A new name.", 200), ...settingFields() },
    required: ["agent_id"],
    result: agentFields(),
    run: async ({ client, input, options }) => {
      const { agent_id: agentId, ...settings } = input;
      const agent = await client.agents.update(agentId, settingsOf(settings), options);
      return { result: agentOf(agent), message: "The agent is changed." };
    },
  },
];
