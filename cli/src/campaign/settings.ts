// The settings of a campaign, from its options and the agent's data in the API: numbers, model, limits.

import type { AgentPhone } from "agentphone-wasm";
import { accountOf } from "./account.js";
import { isZone } from "./core/quiet-hours.js";
import { CampaignError } from "./error.js";
import type { Message, QuietHours, Settings } from "./types.js";

export interface Wanted {
  readonly kind: "call" | "text";
  readonly agentId: string;
  /** Calls: ids of the numbers to call from. Default: all numbers of the agent. */
  readonly numberIds?: readonly string[] | undefined;
  readonly initialGreeting?: string | undefined;
  readonly systemPrompt?: string | undefined;
  readonly voice?: string | undefined;
  readonly modelTier?: "turbo" | "balanced" | "max" | undefined;
  readonly body?: string | undefined;
  readonly mediaUrls?: readonly string[] | undefined;
  /** Requests per minute. Default: 90, a little below the API's limit of 100. */
  readonly perMinute?: number | undefined;
  /** Concurrent calls per number. Default: 1, because the API refuses a second one. */
  readonly perNumber?: number | undefined;
  /** Maximum length of a call in seconds. Default: 900. */
  readonly longestCall?: number | undefined;
  /** Default: 21:00 to 8:00. Null: none. */
  readonly quietHours?: QuietHours | null | undefined;
  /** Time zone of people without one. Default: that of this machine. */
  readonly zone?: string | undefined;
}

const DEFAULTS = {
  perMinute: 90,
  perNumber: 1,
  longestCall: 900,
  quietHours: { from: 21 * 60, until: 8 * 60 },
} as const;

const invalid = (message: string): CampaignError => new CampaignError("INVALID_CAMPAIGN", message);

const numberOf = (name: string, value: number | undefined, standard: number, least: number, most: number): number => {
  const number = value ?? standard;
  if (!Number.isFinite(number) || number < least || number > most)
    throw invalid(`${name} must be a number from ${least} to ${most}`);
  return number;
};

export interface Found {
  readonly settings: Settings;
  /** New contacts that the numbers may text today; undefined: no limit. */
  readonly newContacts: number | undefined;
  readonly notes: readonly string[];
}

/** Reads the agent's data from the API. */
export const settingsOf = async (client: AgentPhone, wanted: Wanted, signal?: AbortSignal): Promise<Found> => {
  const { kind, agentId, initialGreeting, systemPrompt, voice, modelTier, body, mediaUrls } = wanted;
  if (kind === "text" && !body?.trim() && !mediaUrls?.length) throw invalid("a text needs a body");
  if (kind === "call" && (body !== undefined || mediaUrls !== undefined)) throw invalid("body and media are for texts");
  const zone = wanted.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!isZone(zone))
    throw invalid(
      "zone must be the name of a time zone, such as America/New_York; EST and other abbreviations are ambiguous",
    );
  const agent = await client.agents.get(agentId, { ...(signal && { signal }) });
  const own = agent.numbers ?? [];
  if (own.length === 0) throw invalid("the agent has no number: attach one first");
  const numberIds = kind === "text" ? [] : (wanted.numberIds ?? own.map(({ id }) => id));
  const strange = numberIds.find((id) => !own.some((number) => number.id === id));
  if (strange !== undefined) throw invalid("a number to call from does not belong to the agent");
  const notes: string[] = [];
  let newContacts: number | undefined;
  if (kind === "text") {
    const [first] = own;
    const line = await client.numbers.get(first?.id ?? "", { ...(signal && { signal }) });
    if (line.outboundSms === "registration_required")
      notes.push("The number may not text yet: its registration (10DLC) is not approved.");
    const { used = 0, limit } = line.dailyNewContacts ?? {};
    if (limit !== undefined) newContacts = Math.max(0, limit - used);
  }
  // The agent's own greeting is filled in here too: the API takes variables for hosted agents only, and speaks the braces
  // of a name that it does not know.
  const ownGreeting = agent.beginMessage ?? "";
  const greeting =
    initialGreeting || (kind === "call" && /\{\{|\}\}/.test(ownGreeting) ? ownGreeting : initialGreeting);
  const message: Message = {
    agentId,
    numberIds: [...numberIds],
    ...(greeting !== undefined && { initialGreeting: greeting }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(voice !== undefined && { voice }),
    ...(modelTier !== undefined && { modelTier }),
    ...(body !== undefined && { body }),
    ...(mediaUrls !== undefined && { mediaUrls: [...mediaUrls] }),
  };
  const account = accountOf(client);
  const settings: Settings = {
    kind,
    message,
    hosted: kind === "call" && (systemPrompt !== undefined || agent.voiceMode === "hosted"),
    perMinute: numberOf("perMinute", wanted.perMinute, DEFAULTS.perMinute, 0.1, 1_000_000),
    perNumber: Math.floor(numberOf("perNumber", wanted.perNumber, DEFAULTS.perNumber, 1, 10_000)),
    longestCall: numberOf("longestCall", wanted.longestCall, DEFAULTS.longestCall, 10, 14_400),
    quietHours: wanted.quietHours === undefined ? DEFAULTS.quietHours : wanted.quietHours,
    zone,
    ...(account !== undefined && { account }),
  };
  return { settings, newContacts, notes };
};
