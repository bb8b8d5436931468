// What can be changed of a number: one's own tag, and when it is released by itself.

import type { PhoneNumber } from "agentphone-wasm";
import { tell } from "../../app/notices.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { Input } from "../../ui/field.js";

/** A time of the API as the browser's field takes it: in the user's zone, to the minute. */
function local(at: string | null | undefined): string {
  if (!at) return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** The dialog. */
export function EditNumber({ number, onClose }: { number: PhoneNumber; onClose: () => void }) {
  const submit = async (data: FormData): Promise<void> => {
    const until = text(data, "expires");
    await api().numbers.update(number.id, {
      externalId: text(data, "tag") || null,
      // Not sent anew when untouched: the field knows no seconds.
      ...(until === local(number.expiresAt) ? {} : { expiresAt: until === "" ? null : new Date(until).toISOString() }),
    });
    onClose();
    tell("Saved.");
    await changed("numbers");
  };
  return (
    <Dialog title="Edit the number" onClose={onClose}>
      <Form submit={submit} action="Save">
        <Input
          label="Tag"
          name="tag"
          defaultValue={number.externalId ?? ""}
          hint="Your own word for it; webhooks carry it."
        />
        <Input
          label="Release by itself"
          name="expires"
          type="datetime-local"
          defaultValue={local(number.expiresAt)}
          hint="In your time zone. Empty: it stays until you release it."
        />
      </Form>
    </Dialog>
  );
}
