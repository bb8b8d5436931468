// The person at the other end: the name if it is in the contacts, with the number next to it.

import { useContactOf } from "../data/names.js";
import { Phone, phoneText } from "./values.js";

/** The name, or the number. `alone`: without the number next to the name. */
export function Person({ phone, alone = false }: { phone: string; alone?: boolean }) {
  const contact = useContactOf()(phone);
  if (contact === undefined) return <Phone value={phone} />;
  return (
    <span class="person">
      <bdi class="person-name">{contact.name}</bdi>
      {!alone && (
        <>
          {" "}
          <span class="muted small">
            <Phone value={phone} />
          </span>
        </>
      )}
    </span>
  );
}

/** The same as a text. */
export function usePersonText(): (phone: string) => string {
  const contactOf = useContactOf();
  return (phone) => contactOf(phone)?.name ?? phoneText(phone);
}
