// What was filed. No source tells the fields of the answer, so those that were sent are looked for, and what is
// not there is left out.

import type { ComponentChildren } from "preact";
import { words } from "../../ui/format.js";
import { Phone, Tag } from "../../ui/values.js";
import { draftOf, KINDS } from "./draft.js";
import styles from "./registration.module.css";

/** The card; with `change` it may still be changed. */
export function Filed({ detail, change }: { detail: Readonly<Record<string, unknown>>; change?: () => void }) {
  const draft = draftOf(detail);
  const subAccount = detail.sub_account_id;
  const rows: readonly (readonly [string, ComponentChildren])[] = [
    ["Kind", KINDS.find(({ value }) => value === detail.registration_type)?.title],
    ["Person", `${draft.first_name} ${draft.last_name}`.trim()],
    ["Email", draft.email],
    ["Phone", draft.phone_number && <Phone value={draft.phone_number} />],
    ["Business", [draft.business_name, draft.brand_name].filter((part) => part !== "").join(", known as ")],
    [
      "Address",
      [draft.street_address, draft.street_address_2, draft.city, `${draft.state} ${draft.zip_code}`.trim()]
        .filter((part) => part !== "")
        .join(", "),
    ],
    ["What is sent", draft.description],
    ["Use cases", draft.use_cases.length > 0 && <Tags values={draft.use_cases} />],
    ["Volume", words(draft.volume)],
    [
      "Samples",
      draft.message_samples.some((sample) => sample !== "") && (
        <ol class={styles.samples}>
          {draft.message_samples.map((sample, place) => (
            <li key={place}>{sample}</li>
          ))}
        </ol>
      ),
    ],
    ["Consent", draft.consent_flow],
    ["They contain", draft.includes.length > 0 && <Tags values={draft.includes} />],
    ["Website", <Away href={draft.website_url} />],
    ["Privacy policy", <Away href={draft.privacy_policy_url} />],
    ["Terms", <Away href={draft.terms_of_service_url} />],
    ["Opt-in screenshot", <Away href={draft.opt_in_image_url} />],
    ["Sub-account", typeof subAccount === "string" && <a href="#/sub-accounts">{subAccount}</a>],
  ];
  const links: Record<string, string> = {
    Website: draft.website_url,
    "Privacy policy": draft.privacy_policy_url,
    Terms: draft.terms_of_service_url,
    "Opt-in screenshot": draft.opt_in_image_url,
  };
  return (
    <section class="card" aria-label="What was filed">
      <div class="row between">
        <h2>What was filed</h2>
        {change && (
          <button type="button" onClick={change}>
            Change it
          </button>
        )}
      </div>
      <dl class="terms">
        {rows
          .filter(([title, value]) =>
            title in links ? links[title] !== "" : value !== "" && value !== false && value !== undefined,
          )
          .map(([title, value]) => (
            <div key={title} class={styles.term}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {change && (
        <p class="muted small">While it is under review, what you send and the links may still change, for free.</p>
      )}
    </section>
  );
}

const Tags = ({ values }: { values: readonly string[] }) => (
  <span class="row tight">
    {values.map((value) => (
      <Tag key={value}>{words(value)}</Tag>
    ))}
  </span>
);

/** A link to elsewhere; what is no web address stays text. */
const Away = ({ href }: { href: string }) =>
  /^https?:\/\//.test(href) ? (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {href}
    </a>
  ) : (
    <>{href}</>
  );
