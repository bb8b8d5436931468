// `agentphone campaign plan|start|resume|worker`: the commands that talk to the API.

import { once } from "node:events";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { checkAccount } from "../campaign/account.js";
import {
  campaignOf,
  isAnotherRound,
  resume as resumeCampaign,
  start as startCampaign,
  wrongState,
} from "../campaign/control.js";
import { quietHoursOf } from "../campaign/core/quiet-hours.js";
import { csvRows } from "../campaign/input/csv.js";
import { jsonRows } from "../campaign/input/json-lines.js";
import type { Problem } from "../campaign/input/problems.js";
import { planCampaign } from "../campaign/prepare.js";
import { type NewFile, newFile } from "../campaign/report/new-file.js";
import { runWorker } from "../campaign/run/worker.js";
import { statusOf } from "../campaign/status.js";
import type { CampaignStore } from "../campaign/store/store.js";
import type { Campaign } from "../campaign/types.js";
import { requestOptions, withConnection } from "../connection.js";
import { consent } from "../consent.js";
import { EXIT, usage } from "../failure.js";
import { safe } from "../output/text.js";
import { policyFile, policyOptions } from "../policy/file.js";
import type { Context } from "../settings.js";
import { hasLoose, isFollowable, takeOver, tellNext } from "./campaign-follow.js";
import { planNow } from "./campaign-round.js";
import { eventLine, planLines, progress, statusLine } from "./campaign-show.js";
import { commandLine, type Given, lookFirst, withStore } from "./campaign-store.js";

/** Problems that are printed; further ones are only counted. */
const SHOWN = 100;
/** Milliseconds between two checks of a worker that waits for a campaign to start. */
const LOOK = 2_000;

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

/** The policy of a file. Its counts are in the store's ledger, so that all workers share its limits. */
const policyOf = async (store: CampaignStore, file: string | undefined) => {
  if (file === undefined) return undefined;
  const { policy } = await import("agentphone-wasm/tools");
  return policy({ ...policyOptions(file), ledger: store.ledger });
};

/** Writes invalid lines to a file, which is created with the first of them. */
const rejects = (file: string | undefined) => {
  let out: NewFile | undefined;
  return {
    add: async ({ text: line }: Problem): Promise<void> => {
      if (file === undefined || line === undefined) return;
      out ??= await newFile(file).catch((error: NodeJS.ErrnoException) => {
        throw usage(`${file} ${error.code === "EEXIST" ? "already exists" : "cannot be written"}`);
      });
      // Bytes, if the line cannot be decoded.
      await out.write(line);
      await out.write("\n");
    },
    end: async (): Promise<void> => out?.close(),
  };
};

/** `agentphone campaign plan <file>`. */
export const plan = (context: Context, file: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
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
          people: { rows: format === "jsonl" ? jsonRows(source) : csvRows(source) },
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
      } finally {
        await rest.end();
      }
    });
    await showPlan(context, await campaignOf(store, id));
    const command = commandLine(context, given, `campaign start ${id}`);
    printer.note(`Nothing was sent. To start: ${command}`, { note: "planned", id, command });
    return EXIT.done;
  });

const showPlan = async ({ printer }: Context, campaign: Campaign): Promise<void> => {
  const { id, plan: planned, settings } = campaign;
  if (planned === null) return;
  if (printer.forPrograms) await printer.value({ id, kind: settings.kind, ...planned });
  else await printer.write(`${safe(planLines(campaign, planned).join("\n"))}\n`);
};

/** Runs a worker until the campaign ends or the command is interrupted, and prints the status. */
const work = (
  context: Context,
  store: CampaignStore,
  id: string,
  given: Given,
  go: () => Promise<Campaign>,
): Promise<number> =>
  withConnection(
    context,
    async ({ client }) => {
      const { printer, signal } = context;
      // Uses the real key, so that a refused key is reported before anything starts.
      await client.calls.list({ limit: 1 }, requestOptions(context));
      // Before the campaign starts, because a worker elsewhere may be waiting for it.
      const policy = await policyOf(store, policyFile(text(given.policy)));
      checkAccount(await campaignOf(store, id), client);
      await go();
      const read = async () => statusOf(store, await campaignOf(store, id));
      const stopProgress = progress(context, read);
      try {
        await runWorker(id, {
          store,
          client,
          signal,
          beside: given.beside as number | undefined,
          policy,
          note: (event) => printer.note(eventLine(event), { ...event }),
        });
      } finally {
        await stopProgress();
      }
      return ended(context, given, store, id);
    },
    { announce: true, ledger: store.ledger },
  );

/** Prints how the campaign stands after the work, and what can be done next. */
const ended = async (context: Context, given: Given, store: CampaignStore, id: string): Promise<number> => {
  const { printer, signal } = context;
  const found = await statusOf(store, await campaignOf(store, id));
  // The worker that was active is this one, and it has ended.
  const status = signal.aborted ? { ...found, working: false } : found;
  if (printer.forPrograms) await printer.value(status);
  else await printer.write(`${statusLine(status)}\n`);
  tellNext(context, given, status);
  if (status.state === "paused") return EXIT.refused;
  return status.counts.doubt > 0 ? EXIT.unknown : EXIT.done;
};

/** Shows whom the start would reach now, and asks. */
const asked = async (context: Context, given: Given, store: CampaignStore, campaign: Campaign): Promise<void> => {
  const { id, settings } = campaign;
  const planned = await planNow(store, campaign);
  // Standard output is for the result.
  if (planned !== null)
    context.printer.note(planLines(campaign, planned).join("\n"), {
      note: "plan",
      id,
      kind: settings.kind,
      ...planned,
    });
  const price = planned === null ? undefined : `It costs up to $${planned.price.most.toFixed(2)}`;
  const people = planned?.people ?? 0;
  const title = `${settings.kind === "call" ? "Call" : "Text"} ${people} ${people === 1 ? "person" : "people"}`;
  await consent(context, title, price, lookFirst(context, given, id));
};

/** `agentphone campaign start <id>`: also continues after a worker was killed. */
export const start = (context: Context, id: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    const campaign = await campaignOf(store, id);
    if (campaign.state === "planned") await asked(context, given, store, campaign);
    else if (campaign.state !== "running") throw wrongState(campaign.state);
    return work(context, store, id, given, () => startCampaign(store, id));
  });

/** `agentphone campaign resume <id>`. */
export const resume = (context: Context, id: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    const campaign = await campaignOf(store, id);
    const { state, reason, settings } = campaign;
    if (isAnotherRound(campaign)) await asked(context, given, store, campaign);
    else if (state !== "paused" && state !== "running") throw wrongState(state);
    else {
      const { waiting } = await store.counts(id);
      const title = `Continue to ${settings.kind} people, of whom ${waiting} wait`;
      await consent(
        context,
        `${title}${reason ? ` (paused: ${reason})` : ""}`,
        undefined,
        lookFirst(context, given, id),
      );
    }
    return work(context, store, id, given, () => resumeCampaign(store, id));
  });

/** `agentphone campaign worker <id>`: helps with a campaign that another process has started, and ends what nobody follows. */
export const worker = (context: Context, id: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    const { signal } = context;
    for (;;) {
      const campaign = await campaignOf(store, id);
      const { state } = campaign;
      const counts = await store.counts(id);
      if (state === "running" || isFollowable(campaign, counts)) {
        const exit = await work(context, store, id, given, () => campaignOf(store, id));
        if (given.wait !== true || signal.aborted) return exit;
      } else if (given.wait !== true) {
        if (!hasLoose(campaign, counts)) throw usage(`the campaign is ${state}`, "use --wait to wait for its start");
        await withConnection(context, ({ client }) => takeOver(context, store, client, id), { ledger: store.ledger });
        return ended(context, given, store, id);
      }
      if (signal.aborted) return EXIT.interrupted;
      await pause(LOOK, undefined, { signal }).catch(() => {});
    }
  });
