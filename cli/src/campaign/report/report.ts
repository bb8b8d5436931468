// The report of a campaign: CSV with one row per person, or one HTML file with charts and without phone numbers or names.

import type { CampaignStore } from "../store/store.js";
import type { Campaign, Person } from "../types.js";
import { csvHeader, csvRow } from "./csv.js";
import { htmlReport } from "./html.js";
import { newFile } from "./new-file.js";
import { emptySummary, roundOf, type Summary, summarize } from "./summary.js";

/** People per read. */
const PAGE = 1_000;
/** Maximum number of columns: each object may have different names. */
const MOST_COLUMNS = 200;

type Write = (text: string) => Promise<void>;

const everybody = async function* (store: CampaignStore, id: string): AsyncGenerator<Person> {
  for (let after = 0; ; ) {
    const people = await store.people(id, { after, limit: PAGE });
    yield* people;
    const last = people.at(-1);
    if (last === undefined) return;
    after = last.seq;
  }
};

/** The people of a report as objects, for JSON. */
export const reportedPeople = async function* (store: CampaignStore, id: string): AsyncGenerator<object> {
  for await (const person of everybody(store, id)) {
    const { recipient, state, reason, resultId, placedAt, seconds, line, history, variables } = person;
    const time = placedAt === 0 ? null : new Date(placedAt).toISOString();
    const earlier = history.map((past) => past.state);
    const round = roundOf(person);
    yield { recipient, state, reason, round, resultId, placedAt: time, seconds, line, earlier, variables };
  }
};

const report = async (
  store: CampaignStore,
  campaign: Campaign,
  format: "csv" | "html",
  write: Write,
): Promise<void> => {
  const { id } = campaign;
  const summary: Summary = emptySummary();
  const names = new Set<string>();
  for await (const person of everybody(store, id)) {
    summarize(summary, person);
    if (names.size < MOST_COLUMNS) for (const name of Object.keys(person.variables)) names.add(name);
  }
  if (format === "html") return write(htmlReport(campaign, summary));
  await write(csvHeader([...names]));
  for await (const person of everybody(store, id)) await write(csvRow(person, [...names]));
};

/** Writes a report to a new file that only its owner can read, or with `write`. Never overwrites a file. */
export const writeReport = async (
  store: CampaignStore,
  campaign: Campaign,
  format: "csv" | "html",
  file: string | undefined,
  write: Write,
): Promise<void> => {
  if (file === undefined) return report(store, campaign, format, write);
  const out = await newFile(file);
  try {
    await report(store, campaign, format, out.write);
    await out.close();
  } catch (error) {
    await out.discard();
    throw error;
  }
};
