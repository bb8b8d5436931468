// What people see when they write with a number: name and picture. Only iMessage lines have it. The API
// does not give the picture's address back, and writes the whole card at once.

import type { ContactCard, PhoneNumber } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { tell } from "../../app/notices.js";
import { changed, useApi } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action, Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { Input } from "../../ui/field.js";
import { Loaded } from "../../ui/states.js";
import { phoneText } from "../../ui/values.js";

/** The card's card. */
export function ContactCardPart({ number }: { number: PhoneNumber }) {
  const can = number.type === "imessage" && number.status === "active";
  const found = useApi(
    ["numbers", number.id, "card"],
    (client, signal) => client.numbers.contactCard.get(number.id, { signal }),
    { enabled: can },
  );
  return (
    <section class="card" aria-labelledby="card">
      <h2 id="card">Contact card</h2>
      {can ? (
        <Loaded from={found} what="the contact card">
          {(card) => <Shown card={card} number={number} />}
        </Loaded>
      ) : (
        <p class="muted">Name and picture in people’s phones. Only iMessage lines have it.</p>
      )}
    </section>
  );
}

function Shown({ card, number }: { card: ContactCard; number: PhoneNumber }) {
  const [editing, edit] = useState(false);
  const name = card.displayName || [card.firstName, card.lastName].filter(Boolean).join(" ");
  const empty = name === "" && card.hasAvatar !== true;
  const remove = async (): Promise<void> => {
    const shown = phoneText(number.phoneNumber);
    const yes = await confirm({
      title: `Delete the contact card of ${shown}?`,
      body: <p>People see only the number then. The picture has to be set anew.</p>,
      action: "Delete the card",
      danger: true,
    });
    if (!yes) return;
    await api().numbers.contactCard.delete(number.id);
    tell("The contact card was deleted.");
    await changed("numbers", number.id);
  };
  return (
    <>
      {empty ? (
        <p class="muted">Empty: people see only the number.</p>
      ) : (
        <dl class="terms">
          <dt>Shown as</dt>
          <dd>{name === "" ? <span class="muted">The number</span> : name}</dd>
          <dt>Picture</dt>
          <dd>{card.hasAvatar === true ? "Set" : <span class="muted">None</span>}</dd>
        </dl>
      )}
      <div class="row">
        <button type="button" onClick={() => edit(true)}>
          {empty ? "Write a card" : "Edit"}
        </button>
        {!empty && (
          <Action class="danger" run={remove}>
            Delete
          </Action>
        )}
      </div>
      {editing && <EditCard card={card} id={number.id} onClose={() => edit(false)} />}
    </>
  );
}

function EditCard({ card, id, onClose }: { card: ContactCard; id: string; onClose: () => void }) {
  const submit = async (data: FormData): Promise<void> => {
    const given = (name: string): string | null => text(data, name) || null;
    await api().numbers.contactCard.set(id, {
      firstName: given("first"),
      lastName: given("last"),
      displayName: given("display"),
      avatarUrl: given("avatar"),
    });
    onClose();
    tell("The contact card was saved.");
    await changed("numbers", id);
  };
  return (
    <Dialog title="Contact card" onClose={onClose}>
      <Form submit={submit} action="Save the card">
        <div class="fields">
          <Input label="First name" name="first" defaultValue={card.firstName ?? ""} />
          <Input label="Last name" name="last" defaultValue={card.lastName ?? ""} />
        </div>
        <Input
          label="Display name"
          name="display"
          defaultValue={card.displayName ?? ""}
          hint="Shown instead of first and last name."
        />
        <Input
          label="Address of the picture"
          name="avatar"
          type="url"
          placeholder="https://…"
          hint={
            card.hasAvatar === true
              ? "The whole card is replaced: without an address the present picture is taken away."
              : "A public address."
          }
        />
      </Form>
    </Dialog>
  );
}
