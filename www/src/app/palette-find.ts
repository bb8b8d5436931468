// Searches the account for what was typed: objects by id, people by number, and names and words.

import { AgentPhoneError } from "agentphone-wasm";
import { api } from "../session/session.js";
import { moment } from "../ui/format.js";
import { e164, phoneText } from "../ui/values.js";
import { go } from "./location.js";
import { ranked, scoreOf } from "./palette-rank.js";
import { openPlaceCall } from "./place-call.js";

/** A place to go to, or an action. */
export interface Item {
  group: string;
  name: string;
  /** Shown next to the name; searched as well. */
  also?: string | undefined;
  act: () => unknown;
}

const FOUND = 5;
const PAGE = 100;

const leadsTo = (to: string) => (): void => go(to);
const at = (kind: string, id: string): string => `/${kind}/${encodeURIComponent(id)}`;

/** An object that does not exist is not a failure here. */
async function unlessAbsent<T>(asked: PromiseLike<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (AgentPhoneError.is(error) && error.status !== undefined && error.status < 500) return undefined;
    throw error;
  }
}

/** The object with this id, of any kind. */
export async function byId(id: string, signal: AbortSignal): Promise<Item[]> {
  const client = api();
  const options = { signal };
  const [call, conversation, contact, agent, number] = await Promise.all([
    unlessAbsent(client.calls.get(id, {}, options)),
    unlessAbsent(client.conversations.get(id, {}, options)),
    unlessAbsent(client.contacts.get(id, options)),
    unlessAbsent(client.agents.get(id, options)),
    unlessAbsent(client.numbers.get(id, options)),
  ]);
  const items: (Item | undefined)[] = [
    call && { group: "Found", name: "Call", also: moment(new Date(call.startedAt)), act: leadsTo(at("calls", id)) },
    conversation && {
      group: "Found",
      name: "Conversation",
      also: phoneText(conversation.participant),
      act: leadsTo(at("conversations", id)),
    },
    contact && { group: "Found", name: contact.name, also: "Contact", act: leadsTo(at("contacts", id)) },
    agent && { group: "Found", name: agent.name, also: "Agent", act: leadsTo(at("agents", id)) },
    number && { group: "Found", name: phoneText(number.phoneNumber), also: "Number", act: leadsTo(at("numbers", id)) },
  ];
  return items.filter((item) => item !== undefined);
}

/** Actions for a phone number, and the objects that have it. */
export async function byPhone(typed: string, signal: AbortSignal): Promise<Item[]> {
  const phone = await e164(typed);
  const digits = phone.replaceAll(/\D/g, "");
  const client = api();
  const options = { signal };
  const [contacts, numbers, conversations] = await Promise.all([
    client.contacts.list({ search: digits.slice(-10), limit: FOUND }, options),
    client.numbers.list({ limit: PAGE }, options),
    client.conversations.list({ limit: PAGE }, options),
  ]);
  const same = (other: string): boolean => other.replaceAll(/\D/g, "") === digits;
  const shown = phoneText(phone);
  const items: Item[] = [
    ...contacts.data
      .filter(({ phoneNumber }) => same(phoneNumber))
      .map(({ id, name }) => ({ group: "Found", name, also: "Contact", act: leadsTo(at("contacts", id)) })),
    ...numbers.data
      .filter(({ phoneNumber }) => same(phoneNumber))
      .map(({ id }) => ({ group: "Found", name: shown, also: "Your number", act: leadsTo(at("numbers", id)) })),
    ...conversations.data
      .filter(({ participant }) => same(participant))
      .slice(0, FOUND)
      .map(({ id }) => ({ group: "Found", name: `Conversation with ${shown}`, act: leadsTo(at("conversations", id)) })),
    {
      group: "Found",
      name: `Calls with ${shown}`,
      act: leadsTo(`/calls?search=${encodeURIComponent(phone)}`),
    },
    { group: "Do", name: `Call ${shown}`, act: () => openPlaceCall({ to: phone }) },
    {
      group: "Do",
      name: `Text ${shown}`,
      act: leadsTo(`/conversations?compose=1&to=${encodeURIComponent(phone)}`),
    },
  ];
  return items;
}

/** People, agents, numbers and recent conversations. */
export async function byWords(typed: string, signal: AbortSignal): Promise<Item[]> {
  const client = api();
  const options = { signal };
  const [contacts, agents, calls] = await Promise.all([
    client.contacts.list({ search: typed.trim(), limit: FOUND }, options),
    client.agents.list({ limit: PAGE }, options),
    client.calls.list({ limit: PAGE }, options),
  ]);
  const people: Item[] = contacts.data.map(({ id, name, phoneNumber }) => ({
    group: "Contacts",
    name,
    also: phoneText(phoneNumber),
    act: leadsTo(at("contacts", id)),
  }));
  const staff: Item[] = agents.data.map(({ id, name }) => ({ group: "Agents", name, act: leadsTo(at("agents", id)) }));
  const said: Item[] = calls.data
    .filter(({ lastTranscriptSnippet }) => scoreOf(lastTranscriptSnippet ?? "", typed) > 0)
    .slice(0, FOUND)
    .map((call) => ({
      group: "Calls that ended with",
      name: call.lastTranscriptSnippet ?? "",
      also: moment(new Date(call.startedAt)),
      act: leadsTo(at("calls", call.id)),
    }));
  return [...people, ...ranked(staff, typed, FOUND), ...said];
}
