// A registration as it is filled in: its fields, the contract's bounds, and the request that it becomes.

import type { RegistrationRequest, UpdateRegistrationRequest } from "agentphone-wasm";
import type { FieldErrors } from "../../ui/field-errors.js";

export type Kind = RegistrationRequest["registration_type"];
export type UseCase = RegistrationRequest["use_cases"][number];
export type Content = NonNullable<RegistrationRequest["includes"]>[number];

/** What each kind costs, once, when it is filed; and for whom it is. */
export const KINDS: readonly { value: Kind; title: string; about: string; cents: number }[] = [
  {
    value: "sole_proprietor",
    title: "Sole proprietor",
    about: "A person without a company's tax number.",
    cents: 2500,
  },
  { value: "standard_brand", title: "Standard brand", about: "A company with its tax number.", cents: 2500 },
  { value: "high_volume", title: "High volume", about: "A company that sends many texts.", cents: 7000 },
];

export const priceOf = (kind: string): number => KINDS.find(({ value }) => value === kind)?.cents ?? 2500;

export const USE_CASES: readonly UseCase[] = [
  "account_notification",
  "customer_care",
  "delivery_notification",
  "fraud_alert",
  "higher_education",
  "marketing",
  "polling_voting",
  "public_service_announcement",
  "security_alert",
  "two_factor_authentication",
];
export const CONTENTS: readonly Content[] = ["links", "phone_numbers", "age_gated", "direct_lending"];
export const ORGANIZATIONS = [
  "private_corporation",
  "public_corporation",
  "llc",
  "partnership",
  "non_profit",
  "co_op",
  "government",
  "sole_proprietor",
];
export const TITLES = ["ceo", "cfo", "cto", "coo", "vp", "gm", "director", "other"];

export const BOUNDS = {
  description: { min: 40 },
  consent_flow: { min: 40 },
  sample: { min: 20, max: 1024 },
  samples: { min: 2, max: 5 },
  useCases: { min: 1, max: 5 },
};

const BEGIN = {
  registration_type: "sole_proprietor",
  first_name: "",
  last_name: "",
  email: "",
  phone_number: "",
  business_name: "",
  brand_name: "",
  organization_type: "",
  contact_title: "",
  contact_title_other: "",
  ein: "",
  website_url: "",
  industry: "",
  street_address: "",
  street_address_2: "",
  city: "",
  state: "",
  zip_code: "",
  country: "US",
  planned_numbers: "1",
  description: "",
  use_cases: [] as readonly string[],
  volume: "low",
  message_samples: ["", ""] as readonly string[],
  consent_flow: "",
  privacy_policy_url: "",
  terms_of_service_url: "",
  opt_in_image_url: "",
  includes: [] as readonly string[],
  link_sample: "",
  create_sub_account: true,
};

export type Draft = typeof BEGIN;
export type Field = keyof Draft;
/** Fields that are a text. */
export type TextField = { [F in Field]: Draft[F] extends string ? F : never }[Field];

/** What may still change while it is under review. */
const CHANGEABLE: ReadonlySet<Field> = new Set([
  "business_name",
  "brand_name",
  "website_url",
  "description",
  "use_cases",
  "volume",
  "message_samples",
  "consent_flow",
  "privacy_policy_url",
  "terms_of_service_url",
  "opt_in_image_url",
  "includes",
  "link_sample",
] satisfies (keyof UpdateRegistrationRequest)[]);

export const isBrand = (draft: Draft): boolean => draft.registration_type !== "sole_proprietor";

/** The draft that shows what was filed; empty for nothing. */
export function draftOf(filed: Readonly<Record<string, unknown>> = {}): Draft {
  const draft: Record<string, unknown> = { ...BEGIN };
  for (const [field, usual] of Object.entries(BEGIN)) {
    const value = filed[field];
    if (value === undefined || value === null) continue;
    if (typeof usual === "string") draft[field] = String(value);
    else if (Array.isArray(usual) ? Array.isArray(value) : typeof usual === typeof value) draft[field] = value;
  }
  return draft as Draft;
}

const NEEDED: readonly TextField[] = [
  "first_name",
  "last_name",
  "email",
  "phone_number",
  "street_address",
  "city",
  "state",
  "zip_code",
  "planned_numbers",
  "description",
  "consent_flow",
  "opt_in_image_url",
];
const NEEDED_BY_BRANDS: readonly TextField[] = [
  "business_name",
  "organization_type",
  "contact_title",
  "ein",
  "privacy_policy_url",
  "terms_of_service_url",
];
const ADDRESSES: readonly TextField[] = [
  "website_url",
  "privacy_policy_url",
  "terms_of_service_url",
  "opt_in_image_url",
];

/** Whether a field has to be filled in. */
export const isNeeded = (draft: Draft, field: TextField): boolean =>
  NEEDED.includes(field) || (isBrand(draft) && NEEDED_BY_BRANDS.includes(field));

function isWeb(text: string): boolean {
  try {
    return /^https?:$/.test(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** What the API would refuse, said before anybody pays. */
export function problems(draft: Draft): FieldErrors {
  const errors: Record<string, string> = {};
  for (const field of [...NEEDED, ...NEEDED_BY_BRANDS])
    if (isNeeded(draft, field) && draft[field].trim() === "") errors[field] = "Required.";
  for (const field of ADDRESSES)
    if (draft[field].trim() !== "" && !isWeb(draft[field].trim()))
      errors[field] = "An address, as in https://example.com.";
  if (draft.email.trim() !== "" && !/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(draft.email.trim()))
    errors.email = "An email address.";
  if (draft.contact_title === "other" && draft.contact_title_other.trim() === "")
    errors.contact_title_other = "Which position?";
  if (!/^[1-9]\d*$/.test(draft.planned_numbers.trim())) errors.planned_numbers = "A whole number, 1 or more.";
  for (const field of ["description", "consent_flow"] as const) {
    const { min } = BOUNDS[field];
    if (draft[field].trim().length < min)
      errors[field] = `At least ${min} characters; reviewers turn down what is vague.`;
  }
  if (draft.use_cases.length < BOUNDS.useCases.min) errors.use_cases = "Choose at least one.";
  if (draft.use_cases.length > BOUNDS.useCases.max) errors.use_cases = `At most ${BOUNDS.useCases.max}.`;
  draft.message_samples.forEach((sample, place) => {
    const length = sample.trim().length;
    if (length < BOUNDS.sample.min) errors[`message_samples.${place}`] = `At least ${BOUNDS.sample.min} characters.`;
    if (length > BOUNDS.sample.max) errors[`message_samples.${place}`] = `At most ${BOUNDS.sample.max} characters.`;
  });
  return errors;
}

/** What is wrong with the part that may change. */
export function problemsOfChange(draft: Draft): FieldErrors {
  return Object.fromEntries(
    Object.entries(problems(draft)).filter(([field]) => CHANGEABLE.has(field.split(".")[0] as Field)),
  );
}

/** A field as it is sent: without spaces around it, figures as numbers, nothing as undefined. */
function wire(draft: Draft, field: Field): unknown {
  const value = draft[field];
  if (field === "planned_numbers") return Number(value);
  if (typeof value === "string") return value.trim() || undefined;
  return Array.isArray(value) ? value.map((item: string) => item.trim()) : value;
}

/** The request. */
export function requestOf(draft: Draft): RegistrationRequest {
  const company: readonly Field[] = [
    "business_name",
    "brand_name",
    "organization_type",
    "contact_title",
    "contact_title_other",
    "ein",
  ];
  const left = (field: Field): boolean =>
    (!isBrand(draft) && company.includes(field)) ||
    (field === "contact_title_other" && draft.contact_title !== "other");
  const fields = (Object.keys(BEGIN) as Field[])
    .filter((field) => !left(field))
    .map((field) => [field, wire(draft, field)] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined)) as unknown as RegistrationRequest;
}

/** Only what differs from what was filed; what was cleared is null. */
export function changeOf(before: Draft, draft: Draft): UpdateRegistrationRequest {
  const fields = [...CHANGEABLE].map(
    (field) => [field, wire(before, field) ?? null, wire(draft, field) ?? null] as const,
  );
  return Object.fromEntries(
    fields.filter(([, old, now]) => JSON.stringify(old) !== JSON.stringify(now)).map(([field, , now]) => [field, now]),
  ) as UpdateRegistrationRequest;
}
