// Plans a campaign: reads its people into the store as a draft, and calculates the plan. If anyone is invalid, no campaign is
// created. Nothing is ever sent from here.

import type { AgentPhone } from "agentphone-wasm";
import { segmentsOf } from "agentphone-wasm/toolkit";
import { ID } from "./core/key.js";
import { emptyTally, planOf, type Tally } from "./core/plan.js";
import { nextAllowed } from "./core/quiet-hours.js";
import { filled, fixedLength, hasLooseBraces, namesIn } from "./core/template.js";
import { CampaignError } from "./error.js";
import { LONGEST_TEXT, objectRows, peopleReader } from "./input/people.js";
import type { Problem, Read } from "./input/problems.js";
import { settingsOf, type Wanted } from "./settings.js";
import type { CampaignStore } from "./store/store.js";
import type { NewPerson, Plan, Settings } from "./types.js";

export interface PlanOptions extends Wanted {
  readonly store: CampaignStore;
  readonly client: AgentPhone;
  /** 1 to 64 letters, digits, dots, dashes and underscores. */
  readonly id: string;
  /** Objects, or the rows of `csvRows` and `jsonRows`. */
  readonly people: AsyncIterable<unknown> | Iterable<unknown> | { readonly rows: AsyncIterable<Read> };
  readonly country?: string | undefined;
  readonly column?: string | undefined;
  readonly optedOut?: ReadonlySet<string> | undefined;
  /** Leaves invalid people out of the plan, instead of rejecting it. */
  readonly skipInvalid?: boolean | undefined;
  /** Texts: looks up which numbers are landlines, with one request per 25 people. */
  readonly lookUp?: boolean | undefined;
  /** Called with each problem. */
  readonly onProblem?: ((problem: Problem) => void | Promise<void>) | undefined;
  /** libphonenumber-js, for local numbers outside of the North American plan. */
  readonly library?: unknown;
  readonly signal?: AbortSignal | undefined;
  readonly now?: (() => number) | undefined;
}

/** People per write. */
const BATCH = 500;
/** Phone numbers per request. */
const LOOKED_UP = 25;

const rowsOf = (people: PlanOptions["people"]): AsyncIterable<Read> =>
  "rows" in people ? people.rows : objectRows(people as Iterable<unknown>);

/** Adds a person to the totals. */
const count = (tally: Tally, settings: Settings, person: NewPerson, now: number): void => {
  if (person.skip !== undefined) {
    tally.skipped[person.skip] = (tally.skipped[person.skip] ?? 0) + 1;
    return;
  }
  tally.people += 1;
  if (nextAllowed(now, person.zone ?? settings.zone, settings.quietHours) > now) tally.quietNow += 1;
  const { body } = settings.message;
  if (settings.kind === "text") tally.texts += body ? segmentsOf(filled(body, person.variables)).price : 0.02;
};

/** The same people, with landlines marked. */
const lookedUp = async (
  client: AgentPhone,
  people: readonly NewPerson[],
  signal: AbortSignal | undefined,
): Promise<NewPerson[]> => {
  const landlines = new Set<string>();
  const asked = people.filter(({ skip }) => skip === undefined).map(({ recipient }) => recipient);
  for (let at = 0; at < asked.length; at += LOOKED_UP) {
    const { data } = await client.numbers.lookup(
      { phoneNumbers: asked.slice(at, at + LOOKED_UP) },
      { ...(signal && { signal }) },
    );
    for (const { phoneNumber, lineType } of data)
      if (/landline|fixed/i.test(lineType ?? "")) landlines.add(phoneNumber);
  }
  return people.map((person) => (landlines.has(person.recipient) ? { ...person, skip: "landline" } : person));
};

/** The names that the texts use. A text that would be spoken or sent with braces is refused. */
const namesOf = ({
  message: { body = "", initialGreeting = "", systemPrompt = "" },
}: Settings): { readonly needs: readonly string[]; readonly mayBeEmpty: readonly string[] } => {
  const spoken = [body, initialGreeting];
  if (spoken.some(hasLooseBraces))
    throw new CampaignError(
      "INVALID_CAMPAIGN",
      "the text has braces without a name: write {{name}}, with the name of a column",
    );
  if (fixedLength(body) > LONGEST_TEXT)
    throw new CampaignError("INVALID_CAMPAIGN", `the text is longer than ${LONGEST_TEXT} characters`);
  return { needs: [...new Set(spoken.flatMap(namesIn))], mayBeEmpty: namesIn(systemPrompt) };
};

/** The number of problems, and the plan. */
export interface Planned {
  readonly plan: Plan;
  readonly problems: number;
}

/** Reads the people and plans. Rejects with `INVALID_PEOPLE` if anyone is invalid, unless `skipInvalid` is set. */
export const planCampaign = async (options: PlanOptions): Promise<Planned> => {
  const {
    store,
    client,
    id,
    country,
    column,
    optedOut,
    skipInvalid,
    lookUp,
    onProblem,
    library,
    signal,
    now = Date.now,
  } = options;
  if (!ID.test(id))
    throw new CampaignError(
      "INVALID_CAMPAIGN",
      "the id must have 1 to 64 letters, digits, dots, dashes and underscores",
    );
  const { settings, newContacts, notes } = await settingsOf(client, options, signal);
  const names = namesOf(settings);
  if (!(await store.create(id, settings, now())))
    throw new CampaignError("CAMPAIGN_EXISTS", "a campaign with this id already exists, or is being planned");
  const { body } = settings.message;
  const { read, numberColumns } = peopleReader({ country, column, ...names, body, optedOut }, library);
  const tally = emptyTally();
  let problems = 0;
  /** People without a time zone of their own. */
  let zoneless = 0;
  let isBroken = false;
  const tell = async (problem: Problem): Promise<void> => {
    problems += 1;
    if (problem.fatal) isBroken = true;
    await onProblem?.(problem);
  };
  let batch: NewPerson[] = [];
  const flush = async (): Promise<void> => {
    const people = lookUp && settings.kind === "text" ? await lookedUp(client, batch, signal) : batch;
    batch = [];
    // A list in memory and SQLite never yield: let other tasks run, such as the Ctrl-C handler.
    await new Promise((resolve) => setImmediate(resolve));
    const isNew = await store.add(id, people, now());
    people.forEach((person, at) => {
      if (isNew[at]) {
        count(tally, settings, person, now());
        if (person.skip === undefined && person.zone === null) zoneless += 1;
      } else tally.skipped.duplicate = (tally.skipped.duplicate ?? 0) + 1;
    });
  };
  try {
    for await (const item of rowsOf(options.people)) {
      signal?.throwIfAborted();
      if ("problem" in item) {
        await tell(item.problem);
        continue;
      }
      const found = read(item.row);
      if ("problem" in found) {
        await tell(found.problem);
        if (found.problem.fatal) break;
        continue;
      }
      batch.push(found.person);
      if (batch.length === BATCH) await flush();
    }
    await flush();
    if (problems > 0 && (!skipInvalid || isBroken))
      throw new CampaignError(
        "INVALID_PEOPLE",
        `the list has ${problems} ${problems === 1 ? "error" : "errors"}; nothing was planned and nothing was sent`,
      );
    if (tally.people === 0) throw new CampaignError("INVALID_PEOPLE", "the list has no valid person to call or text");
    const from = [...numberColumns].map((name) => JSON.stringify(name)).join(", ");
    // A server's zone is often UTC, in which none of these people live.
    const isGuessed = zoneless > 0 && settings.quietHours !== null && options.zone === undefined;
    const whose = zoneless === 1 ? "1 person has no time zone" : `${zoneless} people have no time zone`;
    const plan = planOf(settings, tally, newContacts, [
      `The phone numbers are in the column ${from}.`,
      ...(isGuessed ? [`${whose}: quiet hours are in ${settings.zone}, the zone of this machine (--zone).`] : []),
      ...notes,
    ]);
    await store.publish(id, plan);
    return { plan, problems };
  } catch (error) {
    await store.remove(id, "draft");
    throw error;
  }
};
