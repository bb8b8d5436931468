// What can be set of an agent, a row a setting, and how what was edited becomes the request: only what has
// changed is sent, and null clears.

import type { Agent, CustomTool, UpdateAgentRequest } from "agentphone-wasm";
import type { FieldErrors } from "../../ui/field-errors.js";
import { words } from "../../ui/format.js";

export type TextName =
  | "name"
  | "description"
  | "systemPrompt"
  | "beginMessage"
  | "transferNumber"
  | "voicemailMessage"
  | "callScreeningIdentity"
  | "callScreeningPurpose";
export type ChoiceName = "voiceMode" | "modelTier" | "sttMode" | "ambientSound" | "denoisingMode";
export type RangeName = "voiceSpeed" | "interruptionSensitivity" | "maxSilenceMs";
export type TickName = "enableMessaging" | "enableBackchannel";
type Name = TextName | ChoiceName | RangeName | TickName | "voice" | "language" | "customTools";

/** What somebody has changed and not yet saved; what is absent is as it was loaded. */
export type Edits = Readonly<Partial<Record<Name, string | boolean | readonly CustomTool[]>>>;

interface Basics {
  label: string;
  hint?: string;
  /** Only where the built-in model speaks. */
  hosted?: true;
}

/** One setting. */
export type Setting = Basics &
  (
    | { kind: "text"; name: TextName; rows?: number; tel?: true; required?: true; placeholder?: string }
    | { kind: "choice"; name: ChoiceName; options: readonly { value: string; label: string }[] }
    | {
        kind: "range";
        name: RangeName;
        min: number;
        max: number;
        step: number;
        usual: number;
        unit: string;
        ends: readonly [string, string];
      }
    | { kind: "tick"; name: TickName }
    | { kind: "voice" | "language" | "tools"; name: "voice" | "language" | "customTools" }
  );

/** Settings under one heading. */
export interface Section {
  title: string;
  about?: string;
  /** Rarely used: folded until somebody looks. */
  folded?: true;
  settings: readonly Setting[];
}

const options = (...values: readonly string[]): { value: string; label: string }[] =>
  values.map((value) => ({ value, label: words(value) }));

export const VOICE_MODES = [
  { value: "hosted", label: "Hosted: a built-in model speaks, from your prompt" },
  { value: "webhook", label: "Webhook: your server is asked at each turn" },
];

/** All of them. Bounds and defaults are the contract's. */
export const SECTIONS: readonly Section[] = [
  {
    title: "Identity",
    settings: [
      { kind: "text", name: "name", label: "Name", required: true },
      {
        kind: "text",
        name: "description",
        label: "Description",
        rows: 2,
        placeholder: "What it is for, for your own people",
      },
    ],
  },
  {
    title: "Prompt",
    settings: [
      {
        kind: "choice",
        name: "voiceMode",
        label: "Mode",
        options: VOICE_MODES,
        hint: "A webhook is the agent's own, else the project's.",
      },
      {
        kind: "text",
        name: "systemPrompt",
        label: "System prompt",
        rows: 8,
        hosted: true,
        required: true,
        hint: "Who it is, what it knows, how it behaves.",
      },
      {
        kind: "text",
        name: "beginMessage",
        label: "First words",
        rows: 2,
        hint: "Said as soon as a call is answered.",
      },
      {
        kind: "choice",
        name: "modelTier",
        label: "Model",
        hosted: true,
        options: [
          { value: "turbo", label: "Turbo: the quickest answers" },
          { value: "balanced", label: "Balanced" },
          { value: "max", label: "Max: the best answers" },
        ],
      },
    ],
  },
  {
    title: "Voice",
    settings: [
      { kind: "voice", name: "voice", label: "Voice" },
      { kind: "language", name: "language", label: "Language", hint: "What is recognised and spoken." },
    ],
  },
  {
    title: "Voicemail and transfer",
    settings: [
      {
        kind: "text",
        name: "transferNumber",
        label: "Transfer calls to",
        tel: true,
        placeholder: "+1 415 555 0100",
        hint: "Where callers go who ask for a person. Empty: nowhere.",
      },
      { kind: "text", name: "voicemailMessage", label: "Said to a voicemail", rows: 2, hint: "Empty: it hangs up." },
    ],
  },
  {
    title: "Tools",
    settings: [
      { kind: "tick", name: "enableMessaging", label: "Read and send texts during a call", hosted: true },
      { kind: "tools", name: "customTools", label: "Tools", hosted: true },
    ],
  },
  {
    title: "How it speaks and listens",
    about: "Speed, interruptions, silence, background",
    folded: true,
    settings: [
      {
        kind: "range",
        name: "voiceSpeed",
        label: "Speed of speech",
        min: 0.5,
        max: 2,
        step: 0.05,
        usual: 1,
        unit: "×",
        ends: ["half", "double"],
      },
      {
        kind: "range",
        name: "interruptionSensitivity",
        label: "Yields to interruptions",
        min: 0,
        max: 1,
        step: 0.05,
        usual: 0.8,
        unit: "",
        ends: ["never", "at once"],
      },
      {
        kind: "range",
        name: "maxSilenceMs",
        label: "Silence that ends a call",
        min: 10_000,
        max: 3_600_000,
        step: 10_000,
        usual: 600_000,
        unit: "s",
        ends: ["10 s", "1 hour"],
      },
      { kind: "tick", name: "enableBackchannel", label: "Listening sounds, such as “mhm”" },
      {
        kind: "choice",
        name: "sttMode",
        label: "Recognition",
        options: [
          { value: "fast", label: "Fast" },
          { value: "accurate", label: "Accurate: about 200 ms slower" },
        ],
      },
      {
        kind: "choice",
        name: "ambientSound",
        label: "Background sound",
        options: options("none", "office", "coffee-shop", "outdoor"),
      },
      {
        kind: "choice",
        name: "denoisingMode",
        label: "Noise removed from the caller",
        options: [
          { value: "noise-cancellation", label: "Noise" },
          {
            value: "noise-and-background-speech-cancellation",
            label: "Noise and other people's speech: $0.005 a minute more",
          },
        ],
      },
    ],
  },
  {
    title: "Call screening",
    about: "What an automated screener is told before somebody picks up",
    folded: true,
    settings: [
      { kind: "text", name: "callScreeningIdentity", label: "Who is calling", placeholder: "Rosa from the bakery" },
      { kind: "text", name: "callScreeningPurpose", label: "Why", placeholder: "About your order for Friday" },
    ],
  },
];

const RANGES = SECTIONS.flatMap(({ settings }) =>
  settings.flatMap((setting) => (setting.kind === "range" ? [setting] : [])),
);
const USUAL: ReadonlyMap<string, number> = new Map(RANGES.map(({ name, usual }) => [name, usual]));
const LABELS: ReadonlyMap<string, string> = new Map(
  SECTIONS.flatMap(({ settings }) => settings.map(({ name, label }) => [name, label])),
);

/** The settings' names as they read. */
export const labelOf = (name: string): string => LABELS.get(name) ?? name;

/** A text, choice or figure as it stands in its control; a figure that is not set is the usual one. */
export function textOf(agent: Agent, edits: Edits, name: Exclude<Name, TickName | "customTools">): string {
  const value = name in edits ? edits[name] : agent[name];
  if (typeof value === "string" && value !== "") return value;
  return typeof value === "number" ? String(value) : String(USUAL.get(name) ?? "");
}

/** Whether something is on. What the API leaves out is on, by its documented default. */
export function isOn(agent: Agent, edits: Edits, name: TickName): boolean {
  return (name in edits ? edits[name] : agent[name]) !== false;
}

/** The tools. Fields that this page does not know stay as they are. */
export function toolsOf(agent: Agent, edits: Edits): readonly CustomTool[] {
  const value = edits.customTools;
  return Array.isArray(value)
    ? (value as readonly CustomTool[])
    : ((agent.customTools ?? []) as unknown as CustomTool[]);
}

/** How a value goes over the wire: nothing is null, figures are numbers. */
function wire(name: Name, value: unknown): unknown {
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (USUAL.has(name)) return text === "" ? null : Number(text);
  return text === "" ? null : text;
}

/** What an unset field is worth, so that setting it to just that is no change. */
function settled(name: Name, value: unknown): unknown {
  if (value !== undefined && value !== null && value !== "") return value;
  return name === "customTools" ? [] : (USUAL.get(name) ?? null);
}

/** The request that makes the agent what was edited; empty when that is what it is. */
export function changes(agent: Agent, edits: Edits): UpdateAgentRequest {
  const body: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(edits)) {
    const name = key as Name;
    const next = wire(name, value);
    if (JSON.stringify(settled(name, next)) !== JSON.stringify(settled(name, agent[name]))) body[name] = next;
  }
  return body as UpdateAgentRequest;
}

/** What the API would refuse, said before it is asked. */
export function problems(agent: Agent, edits: Edits): FieldErrors {
  const errors: Record<string, string> = {};
  if (textOf(agent, edits, "name").trim() === "") errors.name = "An agent needs a name.";
  if (textOf(agent, edits, "voiceMode") === "hosted" && textOf(agent, edits, "systemPrompt").trim() === "")
    errors.systemPrompt = "A hosted agent needs a system prompt.";
  for (const { name, min, max } of RANGES) {
    const value = Number(textOf(agent, edits, name));
    if (!(value >= min && value <= max)) errors[name] = `Between ${min} and ${max}.`;
  }
  return errors;
}
