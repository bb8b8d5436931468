// What a thread carries besides its texts: who is in it, the state that webhooks send along, its background.

import type { Conversation } from "agentphone-wasm";
import { tell } from "../../app/notices.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Action, Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { Area, Input } from "../../ui/field.js";
import { number } from "../../ui/format.js";
import { Copyable, phoneText, When } from "../../ui/values.js";
import styles from "./thread.module.css";
import { useNames } from "./who.js";

/** The dialog. */
export function About({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { id, createdAt, lastMessageAt, messageCount, capabilities, isGroup, channel } = conversation;
  return (
    <Dialog title="About this conversation" onClose={onClose}>
      <dl class="terms">
        <dt>Texts</dt>
        <dd>{number(messageCount)}</dd>
        <dt>Begun</dt>
        <dd>
          <When at={createdAt} />
        </dd>
        <dt>Last text</dt>
        <dd>
          <When at={lastMessageAt} />
        </dd>
        {capabilities && (
          <>
            <dt>Can be sent</dt>
            <dd>{sendable(conversation)}</dd>
          </>
        )}
        <dt>Id</dt>
        <dd>
          <Copyable value={id} label="the id" />
        </dd>
      </dl>
      {isGroup === true && <Group conversation={conversation} />}
      <Metadata conversation={conversation} />
      {channel === "imessage" && <Background id={id} />}
    </Dialog>
  );
}

function sendable({ capabilities }: Conversation): string {
  if (capabilities?.canSendMessages === false) return capabilities.sendDisabledReason ?? "Nothing now";
  const kinds = [
    "Texts",
    capabilities?.media === true ? "media" : "",
    capabilities?.reactions === true ? "reactions" : "",
  ];
  return kinds.filter((kind) => kind !== "").join(", ");
}

function Group({ conversation: { id, groupName, participants } }: { conversation: Conversation }) {
  const nameOf = useNames();
  const rename = async (data: FormData): Promise<void> => {
    await api().conversations.update(id, { group_name: text(data, "name") || null });
    tell("The group was renamed.");
    await changed("conversations");
  };
  return (
    <section class="stack" aria-labelledby="group">
      <h3 id="group">Group</h3>
      <ul class="plain-list">
        {(participants ?? []).map(({ identifier, name }) => (
          <li key={identifier} class="row between">
            <span>{name ?? nameOf(identifier)}</span>
            <span class="muted phone">{phoneText(identifier)}</span>
          </li>
        ))}
      </ul>
      <Form submit={rename} action="Rename" class="inline" label="Name of the group">
        <Input label="Name" name="name" defaultValue={groupName ?? ""} placeholder="None" />
      </Form>
    </section>
  );
}

/** The state as JSON: an object, or nothing. */
function parse(typed: string): Record<string, unknown> | null {
  if (typed === "") return null;
  let value: unknown;
  try {
    value = JSON.parse(typed);
  } catch (error) {
    throw new Error(`This is no JSON: ${error instanceof Error ? error.message : ""}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error('It has to be an object, e.g. { "step": "booked" }.');
  return { ...value };
}

function Metadata({ conversation: { id, metadata } }: { conversation: Conversation }) {
  const save = async (data: FormData): Promise<void> => {
    await api().conversations.update(id, { metadata: parse(text(data, "metadata")) });
    tell("The metadata was saved.");
    await changed("conversations");
  };
  return (
    <Form submit={save} action="Save the metadata" label="Metadata">
      <Area
        label="Metadata"
        name="metadata"
        class={styles.code}
        rows={4}
        spellcheck={false}
        defaultValue={metadata ? JSON.stringify(metadata, null, 2) : ""}
        placeholder={'{ "step": "booked" }'}
        hint="Your own state, as JSON. Webhooks carry it as conversationState. Empty: none."
      />
    </Form>
  );
}

function Background({ id }: { id: string }) {
  const set = async (data: FormData): Promise<void> => {
    const { changed: anew } = await api().conversations.background.set(id, { image_url: text(data, "image") });
    tell(anew ? "The background was set." : "It was the background already.");
  };
  const remove = async (): Promise<void> => {
    await api().conversations.background.delete(id);
    tell("The background was removed.");
  };
  return (
    <Form submit={set} action="Set" label="Background" beside={<Action run={remove}>Remove the background</Action>}>
      <Input
        label="Background"
        name="image"
        type="url"
        required
        placeholder="https://…"
        hint="Public address of a picture, shown behind the chat on their phone."
      />
    </Form>
  );
}
