// The name of a sub-account: of a new one, or another one.

import { useState } from "preact/hooks";
import { tell } from "../../app/notices.js";
import { changed } from "../../data/queries.js";
import type { KnownSubAccount } from "../../data/sub-accounts.js";
import { masterApi } from "../../session/session.js";
import { Form } from "../../ui/action.js";
import { TextBox } from "../../ui/checked-field.js";
import { Dialog } from "../../ui/dialog.js";
import { fieldErrors, showFirstError } from "../../ui/field-errors.js";

const LONGEST = 100;

/** The dialog; `sub` is absent for a new one. */
export function NameDialog({ sub, close }: { sub: KnownSubAccount | undefined; close: () => void }) {
  const [name, setName] = useState(sub?.name ?? "");
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const wanted = name.trim();
    if (wanted === "" || wanted.length > LONGEST) {
      setWrong(wanted === "" ? "It needs a name." : `At most ${LONGEST} characters.`);
      showFirstError(form);
      return;
    }
    try {
      if (sub === undefined) await masterApi().subAccounts.create({ name: wanted });
      else await masterApi().subAccounts.update(sub.id, { name: wanted });
    } catch (error) {
      setWrong(fieldErrors(error).name);
      showFirstError(form);
      throw error;
    }
    close();
    tell(sub === undefined ? `${wanted} is there.` : `It is called ${wanted} now.`);
    await changed("sub-accounts");
  };
  return (
    <Dialog title={sub === undefined ? "New sub-account" : `Rename ${sub.name ?? sub.id}`} onClose={close}>
      <Form submit={submit} action={sub === undefined ? "Create sub-account" : "Rename"}>
        <TextBox
          label="Name"
          required
          first
          value={name}
          error={wrong}
          max={LONGEST}
          placeholder="A customer, a branch"
          onValue={(value) => {
            setName(value);
            setWrong(undefined);
          }}
        />
      </Form>
    </Dialog>
  );
}
