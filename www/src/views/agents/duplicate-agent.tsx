// A copy of an agent under another name.

import type { Agent } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { go } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { useAgents } from "../../data/names.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Form } from "../../ui/action.js";
import { TextBox } from "../../ui/checked-field.js";
import { Dialog } from "../../ui/dialog.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { type FieldErrors, fieldErrors, NotYet, showFirstError } from "../../ui/field-errors.js";
import { copyOf, nameOfCopy } from "./duplicate.js";

/** The dialog. */
export function DuplicateAgent({ agent, close }: { agent: Agent; close: () => void }) {
  const taken = useAgents().map(({ name }) => name);
  const [typed, type] = useState<string | undefined>(undefined);
  const [errors, setErrors] = useState<FieldErrors>({});
  const once = useOnce();
  const name = typed ?? nameOfCopy(agent.name, taken);
  const title = `Duplicate ${agent.name}`;
  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const missing = name.trim() === "" ? { name: "An agent needs a name." } : {};
    setErrors(missing);
    try {
      if ("name" in missing) throw new NotYet(missing);
      const content = copyOf(agent, name.trim());
      const created = await once.run({
        operation: "agents.create",
        same: content.name,
        note: `“${content.name}”`,
        content,
        send: (options) => api().agents.create(content, options),
      });
      if (created === undefined) return;
      close();
      go(`/agents/${created.data.id}`);
      tell(`${created.data.name} is there. Give it a number to call with.`);
      void changed("agents");
    } catch (error) {
      if (!("name" in missing)) setErrors(fieldErrors(error));
      showFirstError(form);
      throw error;
    }
  };
  if (once.doubt !== undefined)
    return (
      <Dialog title={title} onClose={close}>
        <DoubtPanel
          doubt={once.doubt}
          what={`the agent ${name.trim()} was created`}
          back={once.forget}
          backTo="Back to the form"
        />
      </Dialog>
    );
  return (
    <Dialog title={title} onClose={close}>
      <Form submit={submit} action="Duplicate">
        <TextBox label="Name" required first value={name} onValue={type} error={errors.name} />
        <p class="muted small">
          Settings, prompt and tools are copied. Numbers, and a webhook of its own, stay with {agent.name}.
        </p>
      </Form>
    </Dialog>
  );
}
