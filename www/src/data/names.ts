// Names for what the API gives as ids and numbers: read once for all views that show them.

import type { Agent, Contact, PhoneNumber } from "agentphone-wasm";
import { useMemo } from "preact/hooks";
import { useApi } from "./queries.js";

/** The most that one page of a list gives. */
const MOST = 200;
const NONE: readonly never[] = [];

/** The agents, for choices and for names. */
export function useAgents(): readonly Agent[] {
  return (
    useApi(["agents", "names"], (client, signal) =>
      client.agents.list({ limit: 100 }, { signal }).then((page) => page.data),
    ).data ?? NONE
  );
}

/** The numbers that the account holds. */
export function useNumbers(): readonly PhoneNumber[] {
  return (
    useApi(["numbers", "names"], (client, signal) =>
      client.numbers.list({ limit: 100 }, { signal }).then((page) => page.data),
    ).data ?? NONE
  );
}

/** The newest contacts. Whoever is not among them is shown by number. */
export function useContacts(): readonly Contact[] {
  return (
    useApi(["contacts", "names"], (client, signal) =>
      client.contacts.list({ limit: MOST }, { signal }).then((page) => page.data),
    ).data ?? NONE
  );
}

/** The contact that a number belongs to. */
export function useContactOf(): (phone: string) => Contact | undefined {
  const contacts = useContacts();
  return useMemo(() => {
    const byPhone = new Map(contacts.map((contact) => [contact.phoneNumber, contact]));
    return (phone) => byPhone.get(phone);
  }, [contacts]);
}
