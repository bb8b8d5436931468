// Everything that can be set of an agent. What is typed lies over what was loaded: a newer reading changes only
// what nobody has touched, and only what was touched is sent.

import type { Agent, CustomTool } from "agentphone-wasm";
import { useRef, useState } from "preact/hooks";
import { tell } from "../../app/notices.js";
import { changed, queries } from "../../data/queries.js";
import { account, api } from "../../session/session.js";
import { Form } from "../../ui/action.js";
import { type FieldErrors, fieldErrors, NotYet, showFirstError } from "../../ui/field-errors.js";
import { useUnsaved } from "../../ui/unsaved.js";
import { e164 } from "../../ui/values.js";
import { ReviewChanges } from "./review-changes.js";
import { SettingField } from "./setting-field.js";
import { changes, type Edits, labelOf, problems, SECTIONS, type Section, textOf, toolsOf } from "./settings.js";
import { ToolDialog } from "./tool-dialog.js";
import { FILLED } from "./variables.js";
import { VariablesNote } from "./variables-note.js";

/** The form. */
export function SettingsForm({ agent }: { agent: Agent }) {
  const [edits, setEdits] = useState<Edits>({});
  const [errors, setErrors] = useState<FieldErrors>({});
  const [tool, openTool] = useState<number | "new" | undefined>(undefined);
  const [reviewing, review] = useState<HTMLFormElement | undefined>(undefined);
  const latest = useRef(edits);
  latest.current = edits;
  const body = changes(agent, edits);
  const unsaved = Object.keys(body);
  useUnsaved(unsaved.length > 0, `Changes of ${agent.name}`);

  const change = (edit: Edits): void => setEdits((now) => ({ ...now, ...edit }));
  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const sent = { ...edits };
    // As people write it; the API wants E.164.
    if (typeof sent.transferNumber === "string") sent.transferNumber = await e164(sent.transferNumber);
    const found = problems(agent, sent);
    setErrors(found);
    try {
      if (Object.keys(found).length > 0) throw new NotYet(found);
      const body = changes(agent, sent);
      if (Object.keys(body).length > 0) await save(agent.id, body);
    } catch (error) {
      if (Object.keys(found).length === 0) setErrors(fieldErrors(error));
      showFirstError(form);
      throw error;
    }
    // What was typed meanwhile is not saved yet.
    setEdits(
      Object.fromEntries(
        Object.entries(latest.current).filter(([name, value]) => value !== edits[name as keyof Edits]),
      ),
    );
    tell("Saved.");
  };

  const hosted = textOf(agent, edits, "voiceMode") === "hosted";
  const tools = toolsOf(agent, edits);
  const keep = (made: CustomTool): void => {
    change({
      customTools: tool === "new" ? [...tools, made] : tools.map((old, index) => (index === tool ? made : old)),
    });
    openTool(undefined);
  };
  const state = (
    <>
      {unsaved.length > 0 && (
        <button type="button" onClick={({ currentTarget: { form } }) => form !== null && review(form)}>
          Review changes
        </button>
      )}
      {unsaved.length > 0 && (
        <button
          type="button"
          onClick={({ currentTarget: { form } }) => {
            setEdits({});
            setErrors({});
            // Takes the problem away, too. The button is about to go: the focus stays beside where it was.
            form?.dispatchEvent(new Event("reset"));
            form?.querySelector<HTMLElement>('[type="submit"]')?.focus();
          }}
        >
          Discard
        </button>
      )}
      <span class="muted small" role="status">
        {unsaved.length === 0 ? "No unsaved changes." : `Not saved yet: ${unsaved.map(labelOf).join(", ")}`}
      </span>
    </>
  );
  return (
    <>
      <Form submit={submit} action="Save changes" label="Settings" class="settings" beside={state}>
        {SECTIONS.map((section) => (
          <Part key={section.title} section={section} hosted={hosted}>
            {section.settings
              .filter((setting) => hosted || setting.hosted !== true)
              .map((setting) => (
                <SettingField
                  key={setting.name}
                  setting={setting}
                  agent={agent}
                  edits={edits}
                  errors={errors}
                  change={change}
                  openTool={openTool}
                />
              ))}
            {section.settings.some(({ name }) => name === FILLED[0]) && (
              <VariablesNote agentId={agent.id} texts={spoken(agent, edits)} hosted={hosted} />
            )}
          </Part>
        ))}
      </Form>
      {reviewing !== undefined && unsaved.length > 0 && (
        <ReviewChanges
          agent={agent}
          body={body}
          close={() => review(undefined)}
          save={() => {
            review(undefined);
            reviewing.requestSubmit();
          }}
        />
      )}
      {tool !== undefined && (
        <ToolDialog
          tool={tool === "new" ? undefined : tools[tool]}
          others={tools.filter((_, index) => index !== tool)}
          done={keep}
          close={() => openTool(undefined)}
        />
      )}
    </>
  );
}

/** The texts in which there may be variables. */
const spoken = (agent: Agent, edits: Edits): Record<string, string> =>
  Object.fromEntries(SPOKEN.map((name) => [name, textOf(agent, edits, name)]));

const SPOKEN = [
  "systemPrompt",
  "beginMessage",
  "voicemailMessage",
  "callScreeningIdentity",
  "callScreeningPurpose",
] as const;

/** A section; none when nothing in it applies. */
function Part({
  section: { title, about, folded, settings },
  hosted,
  children,
}: {
  section: Section;
  hosted: boolean;
  children: preact.ComponentChildren;
}) {
  if (!hosted && settings.every((setting) => setting.hosted === true)) return null;
  if (folded === true)
    return (
      <details class="card fold">
        <summary>
          <h2>{title}</h2>
          <span class="muted small">{about}</span>
        </summary>
        <div class="stack">{children}</div>
      </details>
    );
  return (
    <section class="card">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

async function save(id: string, body: Parameters<ReturnType<typeof api>["agents"]["update"]>[1]): Promise<void> {
  const key = [account.peek(), "agents", id];
  const saved = await api().agents.update(id, body);
  // A reading that was on its way brings what was before.
  await queries.cancelQueries({ queryKey: key });
  queries.setQueryData(key, saved);
  void changed("agents");
}
