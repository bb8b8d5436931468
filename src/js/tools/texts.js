// @ts-check
// The tools for texts.

import { id, listOf, pick, repeating, text, whole } from "./define.js";

/** @typedef {import("./define.js").Definition} Definition */

const messageFields = () => ({
  message_id: text("Id of the message."),
  direction: text("inbound: from them; outbound: from us."),
  text: text("The words."),
  at: text("When it was sent or received, ISO 8601."),
  delivery: text("The state of the delivery."),
  failure: text("Why it was not delivered."),
  media: { type: "array", description: "Addresses of attachments.", items: { type: "string" } },
});

/** @param {any} message */
const messageOf = (message) =>
  pick(message, {
    id: "message_id",
    direction: "direction",
    body: "text",
    receivedAt: "at",
    status: "delivery",
    failureReason: "failure",
    mediaUrls: "media",
  });

const threadFields = () => ({
  conversation_id: text("Id of the thread, for read_thread."),
  with: text("Phone number, email or group of the other side."),
  our_number: text("Our number in it."),
  messages: { type: "integer", description: "How many messages it has." },
  last_at: text("When the last message was received or sent, ISO 8601."),
  last_text: text("Beginning of the last message."),
  channel: text("What carries it, e.g. sms or imessage."),
});

/** @param {any} thread */
const threadOf = (thread) =>
  pick(thread, {
    id: "conversation_id",
    participant: "with",
    phoneNumber: "our_number",
    messageCount: "messages",
    lastMessageAt: "last_at",
    lastMessagePreview: "last_text",
    channel: "channel",
  });

/** The thread with a person: among the first 200, because threads cannot be searched. @param {any} client @param {string} who @param {any} options */
const threadWith = async (client, who, options) => {
  let left = 200;
  for await (const thread of client.conversations.list({ limit: 100 }, options)) {
    if (thread.participant === who) return thread.id;
    left -= 1;
    if (left === 0) return undefined;
  }
  return undefined;
};

/** @returns {Definition[]} */
export const texts = () => [
  {
    name: "send_text",
    title: "Send a text",
    description:
      "Sends a text to a person, by SMS or iMessage: it reaches them at once and costs money. " +
      "The same text to the same person within the window is not sent again. " +
      'If the status is "unknown" it may have been sent: do not send it again, use read_thread.',
    kind: "effect",
    spends: "text",
    unknown: "read_thread",
    input: {
      agent_id: id("Id of the agent whose number it is sent from."),
      to: text("Phone number with country code, email address (iMessage), or id of a group (grp_…).", 254),
      text: text("What to say.", 1600),
      media_urls: {
        type: "array",
        description: "Public addresses of pictures to attach.",
        items: text("An https address.", 2000),
        maxItems: 10,
      },
      ...repeating(),
    },
    required: ["agent_id", "to", "text"],
    people: { to: "address" },
    result: {
      message_id: text("Id of the message."),
      conversation_id: text("Id of the thread."),
      to: text("Who it was sent to."),
      channel: text("What carries it, e.g. sms or imessage."),
      delivery: text("Accepted is not delivered: a later failure shows in read_thread."),
      placed_seconds_ago: { type: "integer", description: "How long ago it was sent." },
    },
    run: async ({ client, input, options }) => {
      const { agent_id: agentId, to: toNumber, text: body, media_urls: mediaUrls } = input;
      const sent = { agentId, toNumber, body, ...(mediaUrls && { mediaUrls }) };
      const { data, replayed } = await client.messages.send(sent, options).withResponse();
      const names = {
        id: "message_id",
        conversation_id: "conversation_id",
        to_number: "to",
        channel: "channel",
        status: "delivery",
      };
      return { result: pick(data, names), message: "The text was accepted.", next: "read_thread", replayed };
    },
  },
  {
    name: "read_thread",
    title: "Read a thread of texts",
    description: "Returns the latest messages of a thread, newest first: by the thread's id, or by a person's number.",
    kind: "read",
    input: {
      conversation_id: id("Id of the thread."),
      with: text(
        "Phone number with country code, email address, or id of a group, if the id of the thread is not known.",
        254,
      ),
      limit: whole("How many messages. Default: 20.", 1, 100),
    },
    people: { with: "address" },
    result: { conversation_id: text("Id of the thread."), messages: listOf("The newest first.", messageFields()) },
    run: async ({ client, input, options }) => {
      const { limit = 20 } = input;
      const found = input.conversation_id ?? (input.with && (await threadWith(client, input.with, options)));
      if (!found)
        return {
          result: { messages: [] },
          message: "No such thread was found among the latest.",
          next: "list_threads",
        };
      const { data } = await client.conversations.messages.list(found, { limit }, options);
      return {
        result: { conversation_id: found, messages: data.slice(0, limit).map(messageOf) },
        message: `The latest ${Math.min(data.length, limit)} messages.`,
      };
    },
  },
  {
    name: "list_threads",
    title: "List threads of texts",
    description: "Lists the threads of texts, latest activity first.",
    kind: "read",
    input: {
      agent_id: id("Only those of this agent."),
      limit: whole("How many. Default: 20.", 1, 100),
    },
    result: { threads: listOf("The threads.", threadFields()) },
    run: async ({ client, input, options }) => {
      const { agent_id: agentId, limit = 20 } = input;
      const { data } = await (agentId
        ? client.agents.conversations.list(agentId, { limit }, options)
        : client.conversations.list({ limit }, options));
      return {
        result: { threads: data.slice(0, limit).map(threadOf) },
        message: `${Math.min(data.length, limit)} threads.`,
      };
    },
  },
];
