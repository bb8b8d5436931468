// One contact: who it is, what reaches it, and the ways to it.

import type { Contact } from "agentphone-wasm";
import { Pencil, PhoneOutgoing, Trash2 } from "lucide-preact";
import { useState } from "preact/hooks";
import { go } from "../../app/location.js";
import { tell, tellError } from "../../app/notices.js";
import { openPlaceCall } from "../../app/place-call.js";
import { useTitle } from "../../app/title.js";
import { changed, useApi } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { Loaded, unlessGone } from "../../ui/states.js";
import { Up } from "../../ui/up.js";
import { Copyable, Phone, When } from "../../ui/values.js";
import { type ContactFields, ContactForm } from "./contact-form.js";
import { Reach } from "./reach.js";
import { Threads } from "./threads.js";

/** Milliseconds between two readings: somebody else may change or delete it. */
const LOOK_EVERY = 5000;

/** The view. */
export default function ContactView({ id }: { id: string }) {
  const found = unlessGone(
    useApi(["contacts", id], (client, signal) => client.contacts.get(id, { signal }), { every: LOOK_EVERY }),
  );
  useTitle(found.data?.name);
  return (
    <>
      <Up to="#/contacts">All contacts</Up>
      <div class="head">
        <h1>{found.data?.name ?? "Contact"}</h1>
        {found.data !== undefined && <Doings contact={found.data} />}
      </div>
      <Loaded from={found} what="this contact" kind="contact" list="/contacts">
        {(contact) => (
          <div class="cards">
            <Details contact={contact} />
            <div class="stack">
              <Reach phone={contact.phoneNumber} />
              <Threads phone={contact.phoneNumber} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

function Doings({ contact }: { contact: Contact }) {
  return (
    <div class="row">
      <Action class="danger" run={() => remove(contact)}>
        <Trash2 aria-hidden="true" size={16} />
        Delete
      </Action>
      <button type="button" class="primary" onClick={() => openPlaceCall({ to: contact.phoneNumber })}>
        <PhoneOutgoing aria-hidden="true" size={16} />
        Call
      </button>
    </div>
  );
}

/** Deletes at once: what is lost is all here, so that it can be written down again. */
async function remove({ id, name, phoneNumber, email, notes }: Contact): Promise<void> {
  await api().contacts.delete(id);
  const undo = async (): Promise<void> => {
    const made = await api().contacts.create({
      phoneNumber,
      name,
      ...(email ? { email } : {}),
      ...(notes ? { notes } : {}),
    });
    go(`/contacts/${made.id}`);
    tell(`${name} is back, with a new id.`);
    await changed("contacts");
  };
  go("/contacts");
  tell(
    `${name} was deleted. Undo creates the contact anew, with another id: links to this one stay broken.`,
    () => void undo().catch(tellError),
  );
  await changed("contacts");
}

function Details({ contact }: { contact: Contact }) {
  const [editing, edit] = useState(false);
  const { id, phoneNumber, email, notes, createdAt, updatedAt } = contact;
  const save = async (fields: ContactFields): Promise<void> => {
    await api().contacts.update(id, fields);
    edit(false);
    tell("Saved.");
    await changed("contacts");
  };
  return (
    <section class="card" aria-labelledby="details">
      <div class="row between">
        <h2 id="details">Details</h2>
        <button type="button" onClick={() => edit(true)}>
          <Pencil aria-hidden="true" size={16} />
          Edit
        </button>
      </div>
      <dl class="terms">
        <dt>Number</dt>
        <dd>
          <Phone value={phoneNumber} />
        </dd>
        <dt>E.164</dt>
        <dd>
          <Copyable value={phoneNumber} label="the number" />
        </dd>
        <dt>Email</dt>
        <dd>{email ?? <span class="muted">None</span>}</dd>
        <dt>Notes</dt>
        <dd class="written">{notes ?? <span class="muted">None</span>}</dd>
        <dt>Created</dt>
        <dd>
          <When at={createdAt} />
        </dd>
        <dt>Changed</dt>
        <dd>
          <When at={updatedAt} />
        </dd>
        <dt>Id</dt>
        <dd>
          <Copyable value={id} label="the id" />
        </dd>
      </dl>
      {editing && (
        <Dialog title="Edit the contact" onClose={() => edit(false)}>
          <ContactForm
            own={id}
            save={save}
            action="Save"
            start={{ phoneNumber, name: contact.name, email: email ?? null, notes: notes ?? null }}
          />
        </Dialog>
      )}
    </section>
  );
}
