// A new agent with what it cannot be without; the rest is set on its own page.

import type { CreateAgentRequest } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { go } from "../../app/location.js";
import { tell } from "../../app/notices.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import { Form } from "../../ui/action.js";
import { ChoiceBox, TextBox } from "../../ui/checked-field.js";
import { Dialog } from "../../ui/dialog.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { type FieldErrors, fieldErrors, NotYet, showFirstError } from "../../ui/field-errors.js";
import { VOICE_MODES } from "./settings.js";
import { VoicePicker } from "./voice-picker.js";

const BEGIN = { name: "", voiceMode: "hosted", systemPrompt: "", beginMessage: "", voice: "" };

/** The dialog. */
export function CreateAgent({ close }: { close: () => void }) {
  const [draft, setDraft] = useState(BEGIN);
  const [errors, setErrors] = useState<FieldErrors>({});
  const once = useOnce();
  const box = (name: keyof typeof BEGIN) => ({
    value: draft[name],
    error: errors[name],
    onValue: (value: string) => setDraft((now) => ({ ...now, [name]: value })),
  });
  const hosted = draft.voiceMode === "hosted";

  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const found: Record<string, string> = {};
    if (draft.name.trim() === "") found.name = "An agent needs a name.";
    if (hosted && draft.systemPrompt.trim() === "") found.systemPrompt = "A hosted agent needs a system prompt.";
    setErrors(found);
    try {
      if (Object.keys(found).length > 0) throw new NotYet(found);
      const content = request();
      const created = await once.run({
        operation: "agents.create",
        same: content.name,
        note: `“${content.name}”`,
        content,
        send: (options) => api().agents.create(content, options),
      });
      if (created === undefined) return;
      const agent = created.data;
      go(`/agents/${agent.id}`);
      tell(`${agent.name} is there. Give it a number to call with.`);
      void changed("agents");
    } catch (error) {
      if (Object.keys(found).length === 0) setErrors(fieldErrors(error));
      showFirstError(form);
      throw error;
    }
  };
  const request = (): CreateAgentRequest => {
    const { name, systemPrompt, beginMessage, voice } = draft;
    const set = Object.fromEntries(
      Object.entries({ voice, ...(hosted ? { systemPrompt, beginMessage } : {}) }).flatMap(([key, value]) =>
        value.trim() === "" ? [] : [[key, value.trim()]],
      ),
    );
    return { name: name.trim(), voiceMode: hosted ? "hosted" : "webhook", ...set };
  };

  if (once.doubt !== undefined)
    return (
      <Dialog title="New agent" onClose={close}>
        <DoubtPanel
          doubt={once.doubt}
          what={`the agent ${draft.name.trim()} was created`}
          back={once.forget}
          backTo="Back to the form"
        />
      </Dialog>
    );
  return (
    <Dialog title="New agent" onClose={close}>
      <Form submit={submit} action="Create agent">
        <TextBox label="Name" required first placeholder="Front desk" {...box("name")} />
        <ChoiceBox label="Mode" options={VOICE_MODES} {...box("voiceMode")} />
        {hosted ? (
          <>
            <TextBox
              label="System prompt"
              required
              rows={4}
              placeholder="You answer for a bakery. Be brief and kind."
              {...box("systemPrompt")}
            />
            <TextBox label="First words" placeholder="Hello, this is the bakery." {...box("beginMessage")} />
          </>
        ) : (
          <p class="muted small">
            Each turn is posted to the agent's webhook, or to that of the project; it is set afterwards.
          </p>
        )}
        <VoicePicker label="Voice" {...box("voice")} />
      </Form>
    </Dialog>
  );
}
