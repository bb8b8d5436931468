// A tool of an agent, filled in: checked here, because the API tells only where, not what, is wrong in JSON.

import type { CustomTool } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { Form } from "../../ui/action.js";
import { ChoiceBox, TextBox, TickBox } from "../../ui/checked-field.js";
import { Dialog } from "../../ui/dialog.js";
import { type FieldErrors, NotYet, showFirstError } from "../../ui/field-errors.js";
import styles from "./settings.module.css";
import { draftOf, type ToolDraft, toolOf, toolProblems } from "./tool.js";

const EXAMPLE = `{
  "type": "object",
  "properties": { "order": { "type": "string" } },
  "required": ["order"]
}`;

interface ToolDialogProps {
  /** Absent for a new one. */
  tool: CustomTool | undefined;
  others: readonly CustomTool[];
  done: (tool: CustomTool) => void;
  close: () => void;
}

/** The dialog. */
export function ToolDialog({ tool, others, done, close }: ToolDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(tool));
  const [errors, setErrors] = useState<FieldErrors>({});
  const change = (edit: Partial<ToolDraft>): void => setDraft((now) => ({ ...now, ...edit }));
  const box = (name: Exclude<keyof ToolDraft, "speak">) => ({
    value: draft[name],
    error: errors[name],
    onValue: (value: string) => change({ [name]: value }),
  });
  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const found = toolProblems(draft, others);
    setErrors(found);
    if (Object.keys(found).length > 0) {
      showFirstError(form);
      throw new NotYet(found);
    }
    done(toolOf(draft, tool));
  };
  return (
    <Dialog title={tool === undefined ? "Add a tool" : `The tool ${tool.name}`} onClose={close} wide>
      <Form
        submit={submit}
        action={tool === undefined ? "Add the tool" : "Keep the changes"}
        beside={<span class="muted small">It is stored when you save the agent.</span>}
      >
        <div class="pair">
          <TextBox label="Name" required first mono placeholder="look_up_order" {...box("name")} />
          <TextBox
            label="Timeout in milliseconds"
            type="number"
            placeholder="Usual"
            hint="1000 to 120000"
            {...box("timeoutMs")}
          />
        </div>
        <TextBox
          label="Description"
          required
          rows={2}
          placeholder="Looks up an order by its number. Call it when somebody asks where an order is."
          {...box("description")}
        />
        <div class={`pair ${styles.methodFirst}`}>
          <ChoiceBox
            label="Method"
            options={[
              { value: "POST", label: "POST" },
              { value: "GET", label: "GET" },
            ]}
            {...box("method")}
          />
          <TextBox label="Address" required mono type="url" placeholder="https://example.com/orders" {...box("url")} />
        </div>
        <TextBox
          label="Parameters, as a JSON Schema"
          rows={7}
          mono
          placeholder={EXAMPLE}
          hint="Empty: it takes none."
          {...box("parameters")}
        />
        <details class="fold">
          <summary>Headers and waiting words</summary>
          <div class="stack">
            <TextBox
              label="Headers, as JSON"
              rows={3}
              mono
              placeholder='{ "Authorization": "Bearer …" }'
              {...box("headers")}
            />
            <TickBox label="Speak while it runs" checked={draft.speak} onValue={(speak) => change({ speak })} />
            <TextBox
              label="What is said meanwhile"
              placeholder="One moment, I look it up."
              {...box("executionMessage")}
            />
          </div>
        </details>
      </Form>
    </Dialog>
  );
}
