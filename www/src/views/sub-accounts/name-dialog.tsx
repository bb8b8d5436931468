// The name of a sub-account: of a new one, or another one.

import { useState } from "preact/hooks";
import { tell } from "../../app/notices.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import type { KnownSubAccount } from "../../data/sub-accounts.js";
import { masterApi } from "../../session/session.js";
import { Form } from "../../ui/action.js";
import { TextBox } from "../../ui/checked-field.js";
import { Dialog } from "../../ui/dialog.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { fieldErrors, showFirstError } from "../../ui/field-errors.js";

const LONGEST = 100;

/** The dialog; `sub` is absent for a new one. */
export function NameDialog({ sub, close }: { sub: KnownSubAccount | undefined; close: () => void }) {
  const [name, setName] = useState(sub?.name ?? "");
  const [wrong, setWrong] = useState<string | undefined>(undefined);
  const once = useOnce();
  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const wanted = name.trim();
    if (wanted === "" || wanted.length > LONGEST) {
      setWrong(wanted === "" ? "It needs a name." : `At most ${LONGEST} characters.`);
      showFirstError(form);
      return;
    }
    try {
      if (sub !== undefined) await masterApi().subAccounts.update(sub.id, { name: wanted });
      else if ((await create(wanted)) === undefined) return;
    } catch (error) {
      setWrong(fieldErrors(error).name);
      showFirstError(form);
      throw error;
    }
    close();
    tell(sub === undefined ? `${wanted} is there.` : `It is called ${wanted} now.`);
    await changed("sub-accounts");
  };
  const create = (wanted: string) => {
    const content = { name: wanted };
    return once.run({
      operation: "subAccounts.create",
      note: `“${wanted}”`,
      content,
      main: true,
      send: (options) => masterApi().subAccounts.create(content, options),
    });
  };
  if (once.doubt !== undefined)
    return (
      <Dialog title="New sub-account" onClose={close}>
        <DoubtPanel
          doubt={once.doubt}
          what={`the sub-account ${name.trim()} was created`}
          close={close}
          back={once.forget}
          backTo="Back to the form"
        />
      </Dialog>
    );
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
