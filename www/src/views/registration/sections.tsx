// The sections of the registration form.

import { account, isLive } from "../../session/session.js";
import { ChoiceBox, TextBox, TickBox } from "../../ui/checked-field.js";
import type { FieldErrors } from "../../ui/field-errors.js";
import { money, words } from "../../ui/format.js";
import {
  BOUNDS,
  CONTENTS,
  type Draft,
  isBrand,
  isNeeded,
  KINDS,
  ORGANIZATIONS,
  type TextField,
  TITLES,
  USE_CASES,
} from "./draft.js";
import styles from "./registration.module.css";
import { Samples } from "./samples.js";
import { TickGroup } from "./tick-group.js";

interface PartProps {
  draft: Draft;
  errors: FieldErrors;
  change: (edit: Partial<Draft>) => void;
}

/** What a text field of the draft needs to be shown. */
function boxes({ draft, errors, change }: PartProps) {
  return (name: TextField, label: string) => ({
    label: isNeeded(draft, name) ? label : `${label} (optional)`,
    value: draft[name],
    error: errors[name],
    required: isNeeded(draft, name),
    onValue: (value: string) => change({ [name]: value }),
  });
}

const choose = (values: readonly string[], spoken: (value: string) => string = words) => [
  { value: "", label: "Choose…" },
  ...values.map((value) => ({ value, label: spoken(value) })),
];
const title = (value: string): string => (value.length <= 3 ? value.toUpperCase() : words(value));

/** Which kind, with its price. */
export function KindChoice({ draft, change }: PartProps) {
  return (
    <fieldset class="card">
      <legend class={styles.legend}>Kind</legend>
      <div class={styles.kinds}>
        {KINDS.map(({ value, title: name, about, cents }) => (
          <label key={value} class={styles.kind}>
            <input
              type="radio"
              name="kind"
              value={value}
              checked={draft.registration_type === value}
              onChange={() => change({ registration_type: value })}
            />
            <span>
              <strong>{name}</strong> <span class={styles.price}>{money(cents)}</span>
              <span class={`small muted ${styles.block}`}>{about}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** Who files it. */
export function Person(props: PartProps) {
  const box = boxes(props);
  return (
    <section class="card">
      <h2>Who files it</h2>
      <div class="pair">
        <TextBox {...box("first_name", "First name")} />
        <TextBox {...box("last_name", "Last name")} />
        <TextBox
          {...box("email", "Email")}
          type="email"
          hint={isLive() ? undefined : "In the sandbox one that begins with “rejected” is turned down."}
        />
        <TextBox {...box("phone_number", "Phone number")} type="tel" placeholder="+1 415 555 0100" />
        <TextBox {...box("street_address", "Street and number")} />
        <TextBox {...box("street_address_2", "Second line")} />
        <TextBox {...box("city", "City")} />
        <div class="pair">
          <TextBox {...box("state", "State")} placeholder="CA" />
          <TextBox {...box("zip_code", "ZIP code")} placeholder="94105" />
        </div>
      </div>
    </section>
  );
}

/** The business; of a person without one only the name that people know. */
export function Business(props: PartProps & { changing: boolean }) {
  const { draft, changing } = props;
  const box = boxes(props);
  const { required: _, ...organization } = box("organization_type", "Legal form");
  const { required: __, ...position } = box("contact_title", "Your position");
  return (
    <section class="card">
      <h2>Business</h2>
      {!isBrand(draft) && <p class="muted small">A sole proprietor may leave this empty.</p>}
      <div class="pair">
        {(isBrand(draft) || changing) && <TextBox {...box("business_name", "Legal name")} />}
        {(isBrand(draft) || changing) && <TextBox {...box("brand_name", "Name that people know")} />}
        {isBrand(draft) && !changing && (
          <>
            <ChoiceBox
              {...organization}
              options={choose(ORGANIZATIONS, (value) => (value === "llc" ? "LLC" : words(value)))}
            />
            <TextBox {...box("ein", "Tax number (EIN)")} placeholder="12-3456789" />
            <ChoiceBox {...position} options={choose(TITLES, title)} />
            {draft.contact_title === "other" && <TextBox {...box("contact_title_other", "Which position")} required />}
          </>
        )}
        <TextBox {...box("website_url", "Website")} type="url" placeholder="https://example.com" />
        {!changing && <TextBox {...box("industry", "Industry")} />}
      </div>
    </section>
  );
}

/** What is sent. */
export function Campaign(props: PartProps) {
  const { draft, errors, change } = props;
  const box = boxes(props);
  return (
    <section class="card">
      <h2>What you send</h2>
      <TextBox
        {...box("description", "What you do and what you send")}
        required
        rows={3}
        min={BOUNDS.description.min}
        placeholder="A bakery that tells its customers when their order is ready."
      />
      <TickGroup
        label="What the texts are for"
        values={USE_CASES}
        chosen={draft.use_cases}
        most={BOUNDS.useCases.max}
        error={errors.use_cases}
        onChange={(use_cases) => change({ use_cases })}
      />
      <Samples
        samples={draft.message_samples}
        errors={errors}
        onChange={(message_samples) => change({ message_samples })}
      />
      <TextBox
        {...box("consent_flow", "How people agree to be written to")}
        required
        rows={3}
        min={BOUNDS.consent_flow.min}
        placeholder="Customers tick a box on the order form that asks to be texted."
      />
      <div class="pair">
        <ChoiceBox
          label="How much"
          value={draft.volume}
          onValue={(volume) => change({ volume })}
          options={[
            { value: "low", label: "Little" },
            { value: "high", label: "Much" },
          ]}
        />
        <div />
      </div>
      <TickGroup
        label="What they may contain"
        values={CONTENTS}
        chosen={draft.includes}
        error={errors.includes}
        onChange={(includes) => change({ includes })}
      />
      {(draft.includes.includes("links") || draft.link_sample !== "") && (
        <TextBox {...box("link_sample", "Example of a link")} placeholder="https://example.com/orders/1" />
      )}
    </section>
  );
}

/** Proofs, and what else there is. */
export function Links(props: PartProps & { changing: boolean }) {
  const { draft, change, changing } = props;
  const box = boxes(props);
  return (
    <section class="card">
      <h2>Proofs</h2>
      <TextBox
        {...box("opt_in_image_url", "Screenshot of how people agree")}
        required
        type="url"
        placeholder="https://example.com/opt-in.png"
        hint="The address of a public PNG, JPG, WEBP or GIF, 2 MB at most. The API takes no upload."
      />
      <div class="pair">
        <TextBox
          {...box("privacy_policy_url", "Privacy policy")}
          type="url"
          placeholder="https://example.com/privacy"
        />
        <TextBox
          {...box("terms_of_service_url", "Terms of service")}
          type="url"
          placeholder="https://example.com/terms"
        />
      </div>
      {!changing && (
        <div class="pair">
          <TextBox {...box("planned_numbers", "Numbers that will send")} required type="number" />
          {account.value === null && (
            <TickBox
              label="Give it a sub-account of its own"
              hint="Numbers that send under it live there."
              checked={draft.create_sub_account}
              onValue={(create_sub_account) => change({ create_sub_account })}
            />
          )}
        </div>
      )}
    </section>
  );
}
