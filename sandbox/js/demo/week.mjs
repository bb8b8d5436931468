// @ts-check
// The past two weeks of a demo account: it is set up, then calls and texts come in at the hours at which people make
// them, more in the second week, so that there is something to compare. Everything is sent to the engine at its own
// time, so that counts, costs and logs are consistent.

import { AGENTS, PROJECT_HOOK, people, REGISTRATION, SUB_ACCOUNTS } from "./cast.mjs";
import { DIALOGUES } from "./dialogues.mjs";
import { createScenes, filler } from "./scenes.mjs";
import { THREADS } from "./threads.mjs";

/** @import { Person } from "./cast.mjs" */
/** @import { Past } from "./past.mjs" */
/** @import { Dice } from "./random.mjs" */
/** @import { Receiver } from "./receiver.mjs" */
/** @import { Staff } from "./scenes.mjs" */
/** @import { Thread } from "./threads.mjs" */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** What happens in each of the weeks, the latest first. */
const WEEKS = [
  { calls: 300, threads: 60 },
  { calls: 210, threads: 42 },
];
/** Share of calls made by agents. */
const OUTBOUND = 0.42;
/** How busy each hour of the day is in New York, from midnight on; there are no calls at night. */
const HOURS = [0, 0, 0, 0, 0, 0, 1, 4, 8, 12, 14, 13, 9, 10, 13, 14, 12, 10, 6, 4, 2, 1, 0, 0];
const BUSIEST = Math.max(...HOURS);
const NEW_YORK = -5 * HOUR;
const WEEKEND = 0.45;

/** Inbound calls that take more than half a minute. */
const LONG = DIALOGUES.filter(({ way, turns }) => way === "in" && turns.length > 4);

/** Outcomes of outbound calls. */
const OUTCOMES = [
  { outcome: "answered", weight: 77 },
  { outcome: "no-answer", weight: 12 },
  { outcome: "busy", weight: 7 },
  { outcome: "failed", weight: 4 },
];

/**
 * @param {{ past: Past, dice: Dice, receiver: Receiver, end: number }} world
 * @returns {Staff[]}
 */
export function liveThrough({ past, dice, receiver, end }) {
  const folk = people();
  /** @type {Staff[]} */
  const staff = [];
  /** @type {{ at: number, run: () => void }[]} */
  const plan = [];
  const at = (/** @type {number} */ when, /** @type {() => void} */ run) => plan.push({ at: when, run });

  setUp(past, staff, folk, end - WEEKS.length * WEEK - DAY);
  const scenes = createScenes(dice, folk, staff);

  for (const [ago, { calls }] of WEEKS.entries()) {
    const from = end - (ago + 1) * WEEK;
    for (let count = 0; count < calls; count++)
      at(instant(dice, from, from + WEEK - 5 * MINUTE), () =>
        call(scenes.dialogue(dice.chance(OUTBOUND) ? "out" : "in")),
      );
  }
  // One call is in progress when the demo is first seen.
  at(end - 20_000, () => call(dice.pick(LONG)));
  let written = 0;
  for (const [ago, { threads }] of WEEKS.entries()) {
    const from = end - (ago + 1) * WEEK;
    for (let count = 0; count < threads; count++) {
      const person = /** @type {Person} */ (folk[written++ % folk.length]);
      thread(dice.weighed(THREADS), person, instant(dice, from, from + WEEK - HOUR));
    }
  }
  at(end - 3 * DAY, () => past.ask("POST", "/v1/register", REGISTRATION));

  /** @param {ReturnType<typeof scenes.dialogue>} dialogue */
  function call(dialogue) {
    const inbound = dialogue.way === "in";
    const person = scenes.person(!inbound);
    const { script, turns, opening, staff: own } = scenes.call(dialogue, person);
    if (!own) return;
    receiver.learn(turns);
    if (inbound)
      return void past.ask("POST", "/__sandbox/inbound/call", { from: person.phone, to: own.phones[0], script });
    const { outcome } = dice.weighed(OUTCOMES);
    past.ask("PUT", "/__sandbox/script", { ...script, toNumber: person.phone, outcome });
    past.ask("POST", "/v1/calls", { agentId: own.id, toNumber: person.phone, initialGreeting: opening });
  }

  /** @param {Thread} template @param {Person} person @param {number} begin */
  function thread({ agent, line, texts }, person, begin) {
    const fill = filler(dice, person);
    let when = begin;
    for (const text of texts) {
      const { tap, media } = text;
      const mediaUrls = media ? [fill(media)] : [];
      at(when, () => {
        const own = staff[agent];
        const words = fill(text.in ?? text.out ?? "");
        const { data } = text.in
          ? past.ask("POST", "/__sandbox/inbound/message", {
              from: person.phone,
              to: own?.phones[line],
              body: words,
              mediaUrls,
            })
          : past.ask("POST", "/v1/messages", {
              number_id: own?.lines[line],
              to_number: person.phone,
              body: words,
              media_urls: mediaUrls,
            });
        if (text.lost) past.ask("POST", `/__sandbox/messages/${data.id}/fail`, {});
        if (!tap) return;
        // The side that did not write it reacts to it.
        if (text.in) past.ask("POST", `/v1/messages/${data.id}/reactions`, { reaction: tap });
        else past.ask("POST", "/__sandbox/inbound/reaction", { messageId: data.id, reaction: tap });
      });
      when += dice.between(20_000, text.lost ? 4 * HOUR : 12 * MINUTE);
    }
  }

  plan.sort((one, other) => one.at - other.at);
  for (const { at: when, run } of plan) {
    if (when > end) continue;
    past.pass(when);
    run();
  }
  past.pass(end);
  // From now on, people who are called pick up again.
  past.ask("DELETE", "/__sandbox/script");
  return staff;
}

/**
 * A time at which people call.
 * @param {Dice} dice
 * @param {number} from
 * @param {number} to
 */
function instant(dice, from, to) {
  for (;;) {
    const when = dice.between(from, to);
    const there = new Date(when + NEW_YORK);
    const weekend = there.getUTCDay() % 6 === 0 ? WEEKEND : 1;
    if (dice.unit() * BUSIEST < (HOURS[there.getUTCHours()] ?? 0) * weekend) return when;
  }
}

/**
 * Agents, lines, webhooks, address book, sub-accounts, recording.
 * @param {Past} past
 * @param {Staff[]} staff
 * @param {Person[]} folk
 * @param {number} begin
 */
function setUp(past, staff, folk, begin) {
  let when = begin;
  // The API allows only five purchases per hour.
  const buy = (/** @type {object} */ line, /** @type {string} */ headers = "") => {
    past.pass((when += 15 * MINUTE));
    return past.ask("POST", "/v1/numbers", line, headers).data;
  };
  past.pass(when);
  past.ask("POST", "/v1/webhooks", { url: PROJECT_HOOK, contextLimit: 10 });
  for (const { fields, hook, lines } of AGENTS) {
    const { id } = past.ask("POST", "/v1/agents", fields).data;
    const numbers = lines.map((line) => buy({ ...line, agentId: id }));
    if (hook) past.ask("POST", `/v1/agents/${id}/webhook`, { url: hook, timeout: 15 });
    staff.push({
      id,
      hosted: fields.voiceMode === "hosted",
      phones: numbers.map((n) => n.phoneNumber),
      lines: numbers.map((n) => n.id),
    });
  }
  past.ask("POST", "/credits/recording/enable");
  for (const { name, agent } of SUB_ACCOUNTS) {
    const { id } = past.ask("POST", "/v1/sub-accounts", { name }).data;
    const scope = `x-sub-account-id: ${id}\n`;
    const made = past.ask(
      "POST",
      "/v1/agents",
      { name: agent, voiceMode: "hosted", systemPrompt: `You answer for ${name}. Be brief.` },
      scope,
    ).data;
    buy({ agentId: made.id }, scope);
  }
  for (const { name, phone, known, email = null, notes = null } of folk) {
    if (!known) continue;
    past.pass((when += MINUTE));
    past.ask("POST", "/v1/contacts", { phoneNumber: phone, name, email, notes });
  }
}
