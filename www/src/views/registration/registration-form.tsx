// The form that files a registration, or changes what is under review.

import { useState } from "preact/hooks";
import { spend } from "../../app/confirm.js";
import { tell } from "../../app/notices.js";
import { useOnce } from "../../data/once.js";
import { changed } from "../../data/queries.js";
import { account, api, isLive } from "../../session/session.js";
import { Form } from "../../ui/action.js";
import { DoubtPanel } from "../../ui/doubt-panel.js";
import { type FieldErrors, fieldErrors, NotYet, showFirstError } from "../../ui/field-errors.js";
import { money } from "../../ui/format.js";
import { useUnsaved } from "../../ui/unsaved.js";
import { e164 } from "../../ui/values.js";
import { changeOf, type Draft, draftOf, priceOf, problems, problemsOfChange, requestOf } from "./draft.js";
import { Business, Campaign, KindChoice, Links, Person } from "./sections.js";

/** `filed`: what is under review, to be changed. `begin`: what a new one begins with. */
type RegistrationFormProps = { filed: Readonly<Record<string, unknown>>; close: () => void } | { begin: Draft };

/** The form. */
export function RegistrationForm(props: RegistrationFormProps) {
  const changing = "filed" in props;
  const [before] = useState(() => (changing ? draftOf(props.filed) : props.begin));
  const [draft, setDraft] = useState(before);
  const [errors, setErrors] = useState<FieldErrors>({});
  const touched = draft !== before && JSON.stringify(draft) !== JSON.stringify(before);
  const [sent, setSent] = useState(false);
  const once = useOnce();
  useUnsaved(touched && !sent, "What you have filled in of the registration");
  const change = (edit: Partial<Draft>): void => setDraft((now) => ({ ...now, ...edit }));
  const cents = priceOf(draft.registration_type);

  const submit = async (_: FormData, form: HTMLFormElement): Promise<void> => {
    const found = changing ? problemsOfChange(draft) : problems(draft);
    setErrors(found);
    try {
      if (Object.keys(found).length > 0) throw new NotYet(found);
      if (changing) await update();
      else if (!(await file())) return;
      setSent(true);
    } catch (error) {
      if (Object.keys(found).length === 0) setErrors(fieldErrors(error));
      showFirstError(form);
      throw error;
    }
    await changed("registration");
    if (changing) props.close();
  };
  const update = async (): Promise<void> => {
    const body = changeOf(before, draft);
    if (Object.keys(body).length > 0) await api().registration.update(body);
    tell("The registration is changed.");
  };
  const file = async (): Promise<boolean> => {
    const phone = await e164(draft.phone_number);
    if (!(await spend("File the registration", cents))) return false;
    const request = requestOf({
      ...draft,
      phone_number: phone,
      create_sub_account: draft.create_sub_account && account.peek() === null,
    });
    const filed = await once.run({
      operation: "registration.create",
      // An account files one at a time.
      same: "",
      note: "",
      content: request,
      send: (options) => api().registration.create(request, options),
    });
    if (filed === undefined) return false;
    const { message, fee_cents: fee } = filed.data;
    tell(`${message} ${money(fee ?? cents)} was charged.`);
    await changed("sub-accounts");
    return true;
  };

  const parts = { draft, errors, change };
  if (once.doubt !== undefined)
    return (
      <DoubtPanel
        doubt={once.doubt}
        what="the registration was filed"
        back={once.forget}
        backTo="Back to the form"
        onPlaced={() => {
          setSent(true);
          void changed();
        }}
      />
    );
  return (
    <Form
      submit={submit}
      action={changing ? "Save the changes" : `File for ${money(cents)}`}
      label={changing ? "Change the registration" : "File a registration"}
      class="settings"
      beside={
        changing ? (
          <button type="button" onClick={props.close}>
            Cancel
          </button>
        ) : (
          <span class="muted small">
            {money(cents)} at once, whatever the carriers decide{isLive() ? "" : "; simulated here"}.
          </span>
        )
      }
    >
      {!changing && (
        <>
          <KindChoice {...parts} />
          <Person {...parts} />
        </>
      )}
      <Business {...parts} changing={changing} />
      <Campaign {...parts} />
      <Links {...parts} changing={changing} />
    </Form>
  );
}
