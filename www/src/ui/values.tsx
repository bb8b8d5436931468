// Values as they are shown everywhere: phone numbers, times, states, identifiers.

import { signal } from "@preact/signals";
import { Check, Copy } from "lucide-preact";
import { useState } from "preact/hooks";
import { fully, moment, words } from "./format.js";

type PhoneLibrary = typeof import("libphonenumber-js/min");

/** Comes after the page has been drawn: numbers are shown in E.164 until then. */
const library = signal<PhoneLibrary | undefined>(undefined);
let loading: Promise<PhoneLibrary> | undefined;

/** Loads it for all; after a failure the next use tries again. */
function loadPhones(): Promise<PhoneLibrary> {
  loading ??= import("libphonenumber-js/min").then(
    (loaded) => (library.value = loaded),
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

function phones(): PhoneLibrary | undefined {
  if (library.value === undefined) loadPhones().catch(() => {});
  return library.value;
}

/** How a phone number reads: in the national form in North America, with its country code elsewhere. */
export function phoneText(value: string): string {
  const parsed = phones()?.parsePhoneNumberFromString(value);
  if (parsed === undefined) return value;
  return parsed.countryCallingCode === "1" ? parsed.formatNational() : parsed.formatInternational();
}

/**
 * What somebody typed as a phone number, in E.164 if it is one; else as it was typed, for the client to refuse. From
 * then on `phoneText` formats, so that a question or a notice about it reads as everywhere else.
 */
export async function e164(typed: string): Promise<string> {
  const { parsePhoneNumberFromString } = await loadPhones();
  return parsePhoneNumberFromString(typed, "US")?.number ?? typed.trim();
}

/** A phone number; whatever is no number (an address, an id) as it is. */
export function Phone({ value }: { value: string | null | undefined }) {
  if (value === null || value === undefined || value === "") return <span class="muted">none</span>;
  return (
    <span class="phone" title={value}>
      {phoneText(value)}
    </span>
  );
}

/** A time of the API, in the user's zone. */
export function When({ at }: { at: string | null | undefined }) {
  const date = at === null || at === undefined ? undefined : new Date(at);
  if (date === undefined || Number.isNaN(date.getTime())) return <span class="muted">–</span>;
  return (
    <time dateTime={date.toISOString()} title={fully(date)}>
      {moment(date)}
    </time>
  );
}

type Tone = "good" | "bad" | "unsure" | "live" | "plain";

const TONES: Record<string, Tone> = {
  completed: "plain",
  delivered: "plain",
  active: "plain",
  approved: "good",
  success: "plain",
  sent: "plain",
  received: "plain",
  queued: "unsure",
  pending: "unsure",
  submitted: "unsure",
  retrying: "unsure",
  ringing: "live",
  "in-progress": "live",
  busy: "unsure",
  "no-answer": "unsure",
  failed: "bad",
  rejected: "bad",
  undelivered: "bad",
};

/** A state, in words and colour. A state that the page does not know stays as it is. */
export function Status({ value }: { value: string | null | undefined }) {
  if (value === null || value === undefined) return <span class="muted">–</span>;
  return (
    <span class={`badge ${TONES[value] ?? "plain"}`} data-status={value}>
      {words(value)}
    </span>
  );
}

/** Short text that is no state: a kind, a feature. */
export const Tag = ({ children, tone = "plain" }: { children: string; tone?: Tone }) => (
  <span class={`badge ${tone}`}>{children}</span>
);

/** Text to take along, with a button that copies it. */
export function Copyable({ value, label }: { value: string; label: string }) {
  const [done, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  };
  return (
    <span class="copyable">
      <code>{value}</code>
      <button type="button" class="icon" aria-label={done ? "Copied" : `Copy ${label}`} onClick={() => void copy()}>
        {done ? <Check aria-hidden="true" size={16} /> : <Copy aria-hidden="true" size={16} />}
      </button>
    </span>
  );
}
