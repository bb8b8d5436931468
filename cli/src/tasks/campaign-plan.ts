// `agentphone campaign plan <file>`: reads a list into the store, and shows the plan. Sends nothing.

import { once } from "node:events";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { campaignOf } from "../campaign/control.js";
import { quietHoursOf } from "../campaign/core/quiet-hours.js";
import { csvRows } from "../campaign/input/csv.js";
import { jsonRows } from "../campaign/input/json-lines.js";
import type { Problem } from "../campaign/input/problems.js";
import { planCampaign } from "../campaign/prepare.js";
import { type NewFile, newFile } from "../campaign/report/new-file.js";
import type { CampaignStore } from "../campaign/store/store.js";
import type { Campaign } from "../campaign/types.js";
import { withConnection } from "../connection.js";
import { EXIT, usage } from "../failure.js";
import { safe } from "../output/text.js";
import type { Context } from "../settings.js";
import { planLines } from "./campaign-show.js";
import { commandLine, type Given, withStore } from "./campaign-store.js";

/** Problems that are printed; further ones are only counted. */
const SHOWN = 100;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const optedOut = async (
  file: string | undefined,
  country: string | undefined,
): Promise<ReadonlySet<string> | undefined> => {
  if (file === undefined) return undefined;
  const { phone } = await import("agentphone-wasm/toolkit");
  let content: string;
  try {
    content = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    throw usage(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  const numbers = new Set<string>();
  content.split(/\r?\n/).forEach((line, at) => {
    if (line.trim() === "") return;
    try {
      numbers.add(phone.e164(line, { country: country ?? "US" }));
    } catch {
      throw usage(`${file}, line ${at + 1}: not a phone number`);
    }
  });
  return numbers;
};

const quietHours = (given: string | undefined) => {
  if (given === undefined) return undefined;
  if (given === "none") return null;
  return quietHoursOf(given) ?? Promise.reject(usage("--quiet-hours must be written 21:00-08:00, or none"));
};

/** Writes invalid lines to a file, which is created with the first of them, and removed if nothing is planned. */
const rejects = (file: string | undefined) => {
  let out: NewFile | undefined;
  return {
    /** The file, if there were any. */
    file: (): string | undefined => out && file,
    add: async ({ text: line }: Problem): Promise<void> => {
      if (file === undefined || line === undefined) return;
      out ??= await newFile(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw usage(`${file} cannot be written (${error.code})`);
        throw usage(`${file} already exists`, "remove it, or name another file with --skip-invalid=FILE");
      });
      // Bytes, if the line cannot be decoded.
      await out.write(line);
      await out.write("\n");
    },
    end: async (): Promise<void> => out?.close(),
    discard: async (): Promise<void> => out?.discard(),
  };
};

/** The same rows, with something to do after the last one, while a failure of it still prevents the plan. */
const withEnd = async function* <T>(rows: AsyncIterable<T>, end: () => Promise<void>): AsyncGenerator<T> {
  yield* rows;
  await end();
};

/** `agentphone campaign plan <file>`. */
export const plan = (context: Context, file: string, given: Given): Promise<number> =>
  withStore(context, given, (store) => planIn(context, store, file, given), { create: true });

const planIn = async (context: Context, store: CampaignStore, file: string, given: Given): Promise<number> => {
  const { printer, signal } = context;
  const format = text(given.format) ?? (/\.(jsonl|ndjson)$/i.test(file) ? "jsonl" : "csv");
  const country = text(given.country);
  // Opening a folder succeeds, and only reading it fails.
  if (file !== "-" && statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw usage(`${file} is a folder, not a file of people`);
  const source = file === "-" ? process.stdin : createReadStream(file);
  const opened = file === "-" ? undefined : once(source, "open");
  await opened?.catch((error: NodeJS.ErrnoException) => {
    throw usage(`${file} cannot be read (${error.code})`);
  });
  const skipInvalid = given.skipInvalid !== undefined && given.skipInvalid !== false;
  const rest = rejects(
    skipInvalid ? (text(given.skipInvalid) ?? `${basename(file === "-" ? "people" : file)}.invalid`) : undefined,
  );
  let problems = 0;
  const onProblem = async (problem: Problem): Promise<void> => {
    problems += 1;
    const { line, column, code, message } = problem;
    if (problems <= SHOWN)
      printer.note(`line ${line}, column ${column}: ${message}`, { problem: { line, column, code, message } });
    else if (problems === SHOWN + 1) printer.note("… and more", { note: "more-problems" });
    await rest.add(problem);
  };
  const id = String(given.id);
  const library = country === undefined || /^(US|CA)$/.test(country) ? undefined : await import("libphonenumber-js");
  await withConnection(context, async ({ client }) => {
    try {
      await planCampaign({
        store,
        client,
        signal,
        id,
        kind: given.kind === "text" ? "text" : "call",
        agentId: String(given.agentId),
        // A disk may be full only when the file is closed, and a plan without the lines that it left out would lose them.
        people: { rows: withEnd(format === "jsonl" ? jsonRows(source) : csvRows(source), rest.end) },
        numberIds: given.fromNumberId as string[] | undefined,
        initialGreeting: text(given.initialGreeting),
        systemPrompt: text(given.systemPrompt),
        voice: text(given.voice),
        body: text(given.body),
        mediaUrls: given.mediaUrl as string[] | undefined,
        perMinute: given.perMinute as number | undefined,
        perNumber: given.perNumber as number | undefined,
        longestCall: given.longestCall as number | undefined,
        quietHours: await quietHours(text(given.quietHours)),
        zone: text(given.zone),
        country,
        column: text(given.column),
        optedOut: await optedOut(text(given.optOuts), country),
        skipInvalid,
        lookUp: given.lookUp === true,
        onProblem,
        library,
      });
    } catch (error) {
      // A database may have planned it although its response was lost.
      const { state = "draft" } = (await store.get(id).catch(() => undefined)) ?? {};
      if (state === "draft") await rest.discard();
      throw error;
    }
  });
  await showPlan(context, await campaignOf(store, id));
  const left = rest.file();
  if (left !== undefined)
    printer.note(`Wrote the invalid lines, which are not in the plan, to ${left}.`, { note: "left-out", file: left });
  const command = commandLine(context, given, `campaign start ${id}`);
  printer.note(`Nothing was sent. To start: ${command}`, { note: "planned", id, command });
  return EXIT.done;
};

const showPlan = async ({ printer }: Context, campaign: Campaign): Promise<void> => {
  const { id, plan: planned, settings } = campaign;
  if (planned === null) return;
  if (printer.forPrograms) await printer.value({ id, kind: settings.kind, ...planned });
  else await printer.write(`${safe(planLines(campaign, planned).join("\n"))}\n`);
};
