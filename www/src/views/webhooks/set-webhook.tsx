// Setting a webhook. Each time it is set it gets a new secret, so replacing one is asked about.

import { useState } from "preact/hooks";
import { confirm } from "../../app/confirm.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { isLive } from "../../session/session.js";
import { Form } from "../../ui/action.js";
import { TextBox } from "../../ui/checked-field.js";
import { Dialog } from "../../ui/dialog.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { type FieldErrors, fieldErrors, NotYet, showFirstError } from "../../ui/field-errors.js";
import { type Endpoint, type KnownWebhook, urlProblem } from "./endpoint.js";

/** The contract's. */
const CONTEXT = { min: 0, max: 50, usual: 10 };
const TIMEOUT = { min: 5, max: 120, usual: 30 };

interface SetWebhookProps {
  endpoint: Endpoint;
  before: KnownWebhook | undefined;
  close: () => void;
  /** Is told the new secret. */
  done: (secret: string) => void;
}

const whole = (text: string, { min, max }: { min: number; max: number }): string | undefined => {
  const value = Number(text);
  return text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max
    ? undefined
    : `A whole number from ${min} to ${max}.`;
};

/** The dialog. */
export function SetWebhook({ endpoint, before, close, done }: SetWebhookProps) {
  const [draft, setDraft] = useState(() => ({
    url: before?.url ?? "",
    contextLimit: String(before?.contextLimit ?? CONTEXT.usual),
    timeout: String(before?.timeout ?? TIMEOUT.usual),
  }));
  const [errors, setErrors] = useState<FieldErrors>({});
  const once = useOnce();
  const box = (name: keyof typeof draft) => ({
    value: draft[name],
    error: errors[name],
    onValue: (value: string) => setDraft((now) => ({ ...now, [name]: value })),
  });

  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const checks = {
      url: urlProblem(draft.url.trim(), isLive()),
      contextLimit: whole(draft.contextLimit, CONTEXT),
      timeout: whole(draft.timeout, TIMEOUT),
    };
    const found = Object.fromEntries(Object.entries(checks).filter(([, words]) => words !== undefined));
    setErrors(found);
    try {
      if (Object.keys(found).length > 0) throw new NotYet(found);
      if (before !== undefined && !(await confirm(replacing(before)))) return;
      const content = {
        url: draft.url.trim(),
        contextLimit: Number(draft.contextLimit),
        timeout: Number(draft.timeout),
      };
      const set = await once.run({
        operation: endpoint.operation,
        same: [endpoint.key, content.url],
        note: endpoint.agentId === undefined ? "" : `of “${endpoint.whose}”`,
        content: [endpoint.key, content],
        send: (options) => endpoint.set(content, options),
      });
      if (set !== undefined) done(set.data.secret);
      void changed("webhooks");
    } catch (error) {
      if (Object.keys(found).length === 0) setErrors(fieldErrors(error));
      showFirstError(form);
      throw error;
    }
  };
  if (once.doubt !== undefined)
    return (
      <Dialog title={`The webhook of ${endpoint.whose}`} onClose={close}>
        <DoubtPanel
          doubt={once.doubt}
          what={`the webhook of ${endpoint.whose} was set`}
          back={once.forget}
          backTo="Back to the form"
        >
          <button type="button" class="primary" onClick={() => void endpoint.secret().then(done)}>
            Show the new secret
          </button>
        </DoubtPanel>
      </Dialog>
    );
  return (
    <Dialog title={`The webhook of ${endpoint.whose}`} onClose={close}>
      <Form submit={submit} action={before === undefined ? "Set the webhook" : "Replace the webhook"}>
        <TextBox
          label="Address"
          type="url"
          required
          first
          mono
          placeholder="https://example.com/agentphone"
          {...box("url")}
        />
        <div class="pair">
          <TextBox
            label="Earlier texts it carries"
            type="number"
            hint={`${CONTEXT.min} to ${CONTEXT.max}`}
            {...box("contextLimit")}
          />
          <TextBox
            label="Seconds to wait"
            type="number"
            hint={`${TIMEOUT.min} to ${TIMEOUT.max}`}
            {...box("timeout")}
          />
        </div>
        <p class="muted small">
          {before === undefined
            ? "You get a secret, to check that what comes is from AgentPhone."
            : "Whatever you change, a new secret is issued and the old one is worthless at once."}
        </p>
      </Form>
    </Dialog>
  );
}

const replacing = ({ url }: KnownWebhook) => ({
  title: "Replace the webhook?",
  body: (
    <p>
      A new secret is issued, and the one that <code>{url}</code> checks with is worthless at once: deliveries fail
      there until it has the new one.
    </p>
  ),
  action: "Replace it",
  danger: true,
});
