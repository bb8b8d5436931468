// @ts-check
// What campaigns and their people are called, which states belong together, and what can be done.

/** @typedef {import("./types.js").CampaignStatus} CampaignStatus */
/** @typedef {import("./types.js").Counts} Counts */
/** @typedef {import("./types.js").PersonState} PersonState */

/** A group of states, as the address, the bar and the filters have it. @typedef {{ value: string, label: string, tone: "good" | "soft" | "unsure" | "bad" | "live" | "open", states: readonly PersonState[] }} Group */

/** In the order of the bar: what is settled before what is open. @type {readonly Group[]} */
export const GROUPS = [
  { value: "answered", label: "Answered", tone: "good", states: ["answered"] },
  { value: "sent", label: "Sent", tone: "good", states: ["sent"] },
  { value: "voicemail", label: "Voicemail", tone: "soft", states: ["voicemail"] },
  { value: "not-reached", label: "Not reached", tone: "soft", states: ["busy", "no-answer"] },
  { value: "skipped", label: "Skipped", tone: "soft", states: ["skipped"] },
  { value: "failed", label: "Failed", tone: "bad", states: ["failed"] },
  { value: "doubt", label: "In doubt", tone: "unsure", states: ["doubt"] },
  { value: "progress", label: "In progress", tone: "live", states: ["placing", "placed"] },
  { value: "waiting", label: "Waiting", tone: "open", states: ["waiting"] },
];

/** @param {Group} group @param {Counts} counts */
export const sumOf = ({ states }, counts) => states.reduce((sum, state) => sum + counts[state], 0);

/** The groups that have people, with their number. @param {Counts} counts */
export const groupsOf = (counts) =>
  GROUPS.map((group) => ({ ...group, people: sumOf(group, counts) })).filter(({ people }) => people > 0);

/** The states of a filter in the address; none for all people. @param {string} value @returns {readonly PersonState[]} */
export const statesOf = (value) => GROUPS.find((group) => group.value === value)?.states ?? [];

/** @type {Record<PersonState, readonly [word: string, tone: "good" | "bad" | "unsure" | "live" | "plain"]>} */
const STATES = {
  waiting: ["Waiting", "plain"],
  placing: ["Being placed", "live"],
  placed: ["In progress", "live"],
  doubt: ["In doubt", "unsure"],
  answered: ["Answered", "good"],
  voicemail: ["Voicemail", "plain"],
  busy: ["Busy", "plain"],
  "no-answer": ["No answer", "plain"],
  failed: ["Failed", "bad"],
  sent: ["Sent", "good"],
  skipped: ["Skipped", "plain"],
};

/** @param {PersonState} state */
export const stateOf = (state) => STATES[state] ?? [state, "plain"];

/** @type {Record<CampaignStatus["state"], readonly [word: string, tone: "good" | "bad" | "unsure" | "live" | "plain"]>} */
const CAMPAIGN_STATES = {
  planned: ["Planned", "plain"],
  running: ["Running", "live"],
  paused: ["Paused", "unsure"],
  stopped: ["Stopped", "plain"],
  done: ["Done", "good"],
};

/** The state in a word. @param {Pick<CampaignStatus, "state" | "working">} campaign */
export const campaignStateOf = ({ state, working }) =>
  state === "running" && !working
    ? /** @type {const} */ (["Running, no worker", "unsure"])
    : (CAMPAIGN_STATES[state] ?? [state, "plain"]);

/** Why a campaign has paused by itself, and what helps. @type {Record<string, readonly [why: string, remedy: string]>} */
const PAUSES = {
  asked: ["Somebody paused it.", "No more people are contacted until it is resumed."],
  "key-refused": ["The API refuses the key.", "Start the workers with a valid key, then resume."],
  balance: ["The balance is used up.", "Top up the balance, then resume."],
  "not-allowed": [
    "The number may not call or text.",
    "Often its registration (10DLC) is missing. Complete it, then resume.",
  ],
  "number-released": [
    "A number or the agent no longer exists.",
    "Resume to call from the remaining numbers. If none remains, plan a new campaign with another one.",
  ],
  "daily-quota": ["The quota of new contacts for today is reached.", "Resume tomorrow."],
  configuration: ["The client or its ledger is not set up correctly.", "Correct what the worker reports, then resume."],
};

/** @param {string | null} reason */
export const pauseOf = (reason) => PAUSES[reason ?? ""] ?? [`It paused: ${reason ?? "unknown reason"}.`, ""];

/** Reasons of people in plain words; codes of the API stay as they are. @type {Record<string, string>} */
const REASONS = {
  duplicate: "On the list twice",
  "opted-out": "Opted out",
  "outside-us-ca": "Outside the US and Canada",
  landline: "Landline, cannot be texted",
  policy: "Refused by the policy",
  stopped: "Campaign stopped first",
  "quiet-hours": "Quiet hours",
  absent_so_far: "Not found so far",
  ambiguous: "Several calls fit",
  likely: "One call probably fits",
  sending: "Worker ended during the request",
  unknown: "Response lost",
  "not-shown": "Accepted, but never listed",
  "not-placed": "Not called, says a person",
  decided: "Decided by a person",
  "entry-lost": "Its entry in the ledger is gone",
  greeting: "A machine answered",
  OUTCOME_UNKNOWN: "Response lost",
  DELIVERY_UNCONFIRMED: "Delivery not confirmed",
  RATE_LIMIT_EXCEEDED: "Rate limited, tried again later",
  CONFLICT: "Number busy with another call",
  LANE_IN_DOUBT: "Another request to this person is in doubt",
};

/** Codes stay as they are: one looks them up. @param {string | null} reason */
export function reasonOf(reason) {
  if (reason === null) return "";
  const known = REASONS[reason];
  if (known !== undefined || reason === reason.toUpperCase()) return known ?? reason;
  const words = reason.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The name of a person, if the list has one. @param {Readonly<Record<string, string>>} variables */
export function nameOf(variables) {
  const found = new Map(
    Object.entries(variables).map(([key, value]) => [key.toLowerCase().replaceAll(/[\s_-]/g, ""), value]),
  );
  const whole = found.get("name") ?? found.get("fullname");
  if (whole) return whole;
  return [found.get("firstname"), found.get("lastname")].filter(Boolean).join(" ");
}

/** The share of people who are done, in whole percent; 100 only when everybody is. @param {Pick<CampaignStatus, "people" | "finished">} campaign */
export const percentOf = ({ people, finished }) => (people === 0 ? 0 : Math.floor((finished / people) * 100));

/** The share of answered people among those with a result, in whole percent; undefined without any. @param {CampaignStatus} campaign */
export function answerRate({ kind, counts }) {
  const { answered, voicemail, busy, failed } = counts;
  const all = answered + voicemail + busy + counts["no-answer"] + failed;
  return kind === "text" || all === 0 ? undefined : Math.round((answered / all) * 100);
}

/** What can be done now, in the order of the buttons. @param {Pick<CampaignStatus, "state" | "counts">} campaign */
export function actionsOf({ state, counts }) {
  const { busy, voicemail, failed } = counts;
  const again = busy + voicemail + failed + counts["no-answer"];
  return {
    start: state === "planned",
    pause: state === "running",
    resume: state === "paused",
    stop: state === "planned" || state === "running" || state === "paused",
    retry: (state === "done" || state === "paused" || state === "stopped") && again > 0,
  };
}

/** Results after which somebody may be called once more. */
export const RETRYABLE = /** @type {const} */ (["busy", "no-answer", "voicemail", "failed"]);

/** How long, in words. @param {number} seconds */
export function spanOf(seconds) {
  if (seconds < 120) return `${Math.max(1, Math.ceil(seconds))} s`;
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** @param {{ least: number, most: number }} range @param {(value: number) => string} text */
const rangeText = ({ least, most }, text) =>
  text(least) === text(most) ? text(least) : `${text(least)} to ${text(most)}`;

const dollars = (/** @type {number} */ value) => value.toLocaleString("en-US", { style: "currency", currency: "USD" });

/** @param {{ least: number, most: number }} price */
export const priceOf = (price) => rangeText(price, dollars);
/** @param {{ least: number, most: number }} duration */
export const durationOf = (duration) => rangeText(duration, spanOf);

/** The most that another round for this many people can cost, in dollars. @param {CampaignStatus["plan"]} plan @param {number} people */
export const roundPrice = (plan, people) =>
  plan === null || plan.people === 0 ? undefined : dollars((plan.price.most / plan.people) * people);

/** `21:00` @param {number} minutes */
export const timeOfDay = (minutes) =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

const command = (/** @type {readonly string[]} */ words) => words.filter((word) => word !== "").join(" ");

/** Commands to copy. @param {string} flags */
export const commandsOf = (flags) => ({
  plan: command([
    "agentphone campaign plan people.csv --id spring --agent-id AGENT_ID",
    "--initial-greeting 'Hello {{name}}!'",
    flags,
  ]),
  start: (/** @type {string} */ id) => command(["agentphone campaign start", id, flags]),
  resume: (/** @type {string} */ id) => command(["agentphone campaign resume", id, flags]),
  worker: (/** @type {string} */ id) => command(["agentphone campaign worker", id, "--wait", flags]),
});

/** Changes whenever the people have. @param {Pick<CampaignStatus, "counts" | "state">} campaign */
export const versionOf = ({ counts, state }) => `${state} ${Object.values(counts).join(" ")}`;
