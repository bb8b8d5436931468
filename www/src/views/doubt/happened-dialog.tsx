// A person's word that it happened, with the id of what was made: chosen from what fits, or pasted. An id that is none is
// refused where it can be looked up.

import { tell } from "../../app/notices.js";
import { readCandidate } from "../../data/candidates.js";
import { type Doubtful, decide } from "../../data/doubts.js";
import { api, masterApi } from "../../session/session.js";
import { Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { Input, Select } from "../../ui/field.js";
import { wordsOf } from "../../ui/intent-words.js";

/** Of which there is one, so that it needs no id. */
const ONLY_ONE = ["webhooks.set", "agents.webhook.set", "registration.create", "credits.recording.enable"];

/** The dialog. */
export function HappenedDialog({ intent, close }: { intent: Doubtful; close: () => void }) {
  const { operation, candidates = [], main } = intent;
  const { done, noun } = wordsOf(operation);
  const needsId = !ONLY_ONE.includes(operation);
  const submit = async (data: FormData): Promise<void> => {
    const id = needsId ? text(data, "id") : noun;
    await readCandidate(main ? masterApi() : api(), operation, id);
    await decide(intent, id);
    close();
    tell(`Noted: it was ${done}.`);
  };
  return (
    <Dialog title={`It was ${done}`} onClose={close}>
      <Form submit={submit} action={`It was ${done}`}>
        {!needsId ? (
          <p>It is out of doubt then, and is not done again.</p>
        ) : candidates.length > 0 ? (
          <Select
            label={`Which ${noun} is it?`}
            name="id"
            options={candidates.map((id) => ({ value: id, label: id }))}
          />
        ) : (
          <Input
            label={`Id of the ${noun}`}
            name="id"
            required
            autocomplete="off"
            hint={`As its own page and the list of its kind show it.`}
          />
        )}
      </Form>
    </Dialog>
  );
}
