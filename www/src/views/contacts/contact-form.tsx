// What a contact is made of. A number has one contact at most: who has it already is shown where the API
// refuses it.

import { ConflictError, type Contact } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { api } from "../../session/session.js";
import { Form, text } from "../../ui/action.js";
import { Area, Input } from "../../ui/field.js";
import { e164, phoneText } from "../../ui/values.js";

/** What can be written down. */
export type ContactFields = Required<Pick<Contact, "phoneNumber" | "name">> & {
  email: string | null;
  notes: string | null;
};

interface ContactFormProps {
  start: ContactFields;
  save: (fields: ContactFields) => Promise<void>;
  action: string;
  /** The contact that is changed, if it is no new one. */
  own?: string;
}

/** The form. */
export function ContactForm({ start, save, action, own }: ContactFormProps) {
  const [holder, setHolder] = useState<Contact | undefined>(undefined);
  // As it reads now: it must not change under the hands of whoever types.
  const [began] = useState(() => phoneText(start.phoneNumber));
  const submit = async (data: FormData): Promise<void> => {
    setHolder(undefined);
    const phoneNumber = await e164(text(data, "phone"));
    try {
      await save({
        phoneNumber,
        name: text(data, "name"),
        email: text(data, "email") || null,
        notes: text(data, "notes") || null,
      });
    } catch (error) {
      if (error instanceof ConflictError) setHolder(await whoHas(phoneNumber, own));
      throw error;
    }
  };
  return (
    <>
      <Form submit={submit} action={action}>
        <Input label="Name" name="name" required autofocus maxLength={200} defaultValue={start.name} />
        <Input
          label="Number"
          name="phone"
          field="phoneNumber"
          type="tel"
          required
          defaultValue={began}
          hint="Numbers without a country code are taken as of the US and Canada."
        />
        <Input label="Email" name="email" type="email" defaultValue={start.email ?? ""} />
        <Area label="Notes" name="notes" rows={3} defaultValue={start.notes ?? ""} />
      </Form>
      <div role="status">
        {holder !== undefined && (
          <p class="note">
            The number already has a contact: <a href={`#/contacts/${holder.id}`}>open {holder.name}</a> and change that
            contact, or give another number.
          </p>
        )}
      </div>
    </>
  );
}

/** Who has a number already; nobody where it cannot be found out, because it only helps. */
async function whoHas(phoneNumber: string, own: string | undefined): Promise<Contact | undefined> {
  try {
    const { data } = await api().contacts.list({ search: phoneNumber, limit: 5 });
    return data.find((contact) => contact.phoneNumber === phoneNumber && contact.id !== own);
  } catch {
    return undefined;
  }
}
