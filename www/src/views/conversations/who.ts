// How a thread is called: by the contact's name, the group's, or the number.

import type { ConversationState } from "agentphone-wasm";
import { useContacts } from "../../data/names.js";
import { phoneText } from "../../ui/values.js";

/** What carries a text, as people write it. */
export const CHANNELS: Readonly<Record<string, string>> = {
  sms: "SMS",
  mms: "MMS",
  imessage: "iMessage",
  whatsapp: "WhatsApp",
  rcs: "RCS",
  voice: "Voice",
};

/** Gives the name of a number or address; the number itself where nobody is known by it. */
export type NameOf = (participant: string) => string;

/** The names that are known. */
export function useNames(): NameOf {
  const names = new Map(useContacts().map(({ phoneNumber, name }) => [phoneNumber, name]));
  return (participant) => names.get(participant) ?? phoneText(participant);
}

/** The title of a thread. */
export function threadTitle(
  { isGroup, groupName, participants, participant }: ConversationState,
  nameOf: NameOf,
): string {
  if (isGroup !== true) return nameOf(participant);
  if (groupName) return groupName;
  const members = (participants ?? []).map(({ identifier, name }) => name ?? nameOf(identifier));
  return members.length === 0 ? "Group" : members.join(", ");
}
