// `agentphone campaign pause|stop|retry|report|status`: the commands that use only the store.

import { setTimeout as wait } from "node:timers/promises";
import {
  campaignOf,
  pause as pauseCampaign,
  retry as retryCampaign,
  stop as stopCampaign,
} from "../campaign/control.js";
import { statusOf } from "../campaign/status.js";
import type { CampaignStore } from "../campaign/store/store.js";
import { RETRYABLE, type Retryable } from "../campaign/types.js";
import { consent } from "../consent.js";
import { EXIT, usage } from "../failure.js";
import { safe } from "../output/text.js";
import type { Context } from "../settings.js";
import { tellNext } from "./campaign-follow.js";
import { statusLine } from "./campaign-show.js";
import { type Given, lookFirst, withStore } from "./campaign-store.js";

/** Milliseconds between two updates of `status --watch`. */
const LOOK = 1_000;
/** The code of a store that does not exist. */
const MISSING = "STORE_MISSING";
const COLUMNS = ["id", "state", "reason", "people", "finished", "perMinute"];

const show = async ({ printer }: Context, store: CampaignStore, id: string): Promise<void> => {
  const status = await statusOf(store, await campaignOf(store, id));
  if (printer.forPrograms) await printer.value(status);
  else await printer.write(`${statusLine(status)}\n`);
};

/** `agentphone campaign pause <id>`. */
export const pause = (context: Context, id: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    await pauseCampaign(store, id);
    await show(context, store, id);
    return EXIT.done;
  });

/** `agentphone campaign stop <id>`. */
export const stop = (context: Context, id: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    const { counts } = await statusOf(store, await campaignOf(store, id));
    const hint = lookFirst(context, given, id);
    await consent(context, `Stop the campaign: ${counts.waiting} waiting people will not be called`, undefined, hint);
    await stopCampaign(store, id);
    await show(context, store, id);
    const after = await statusOf(store, await campaignOf(store, id));
    tellNext(context, given, after);
    return EXIT.done;
  });

/** `agentphone campaign retry <id> --only busy,no-answer`. */
export const retry = (context: Context, id: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    const only = String(given.only)
      .split(",")
      .map((word) => word.trim()) as Retryable[];
    const unknown = only.find((word) => !RETRYABLE.includes(word));
    if (unknown !== undefined) throw usage(`--only must be one or more of ${RETRYABLE.join(", ")}`);
    const { counts } = await statusOf(store, await campaignOf(store, id));
    const people = only.reduce((sum, word) => sum + counts[word], 0);
    const hint = lookFirst(context, given, id);
    if (people > 0) await consent(context, `Another round for ${people} people`, undefined, hint);
    const count = await retryCampaign(store, id, only);
    await context.printer.value({ id, retried: count });
    if (count > 0) tellNext(context, given, await statusOf(store, await campaignOf(store, id)));
    return EXIT.done;
  });

/** `agentphone campaign status [id]`. */
export const status = async (context: Context, id: string | undefined, given: Given): Promise<number> => {
  try {
    return await shown(context, id, given);
  } catch (error) {
    // Without an address, a store that does not exist is not a mistake: nothing was planned yet.
    const isFirst = id === undefined && given.store === undefined && (error as { code?: string }).code === MISSING;
    if (!isFirst) throw error;
    await context.printer.list([], COLUMNS);
    return EXIT.done;
  }
};

const shown = (context: Context, id: string | undefined, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    const { printer, signal } = context;
    if (id === undefined) {
      const rows = [];
      for (const campaign of await store.list()) rows.push(await statusOf(store, campaign));
      await printer.list(rows, COLUMNS);
      return EXIT.done;
    }
    for (;;) {
      await show(context, store, id);
      const { state } = await campaignOf(store, id);
      if (given.watch !== true || signal.aborted || state === "done" || state === "stopped") return EXIT.done;
      await wait(LOOK, undefined, { signal }).catch(() => {});
    }
  });

/** `agentphone campaign report <id>`. */
export const report = (context: Context, id: string, given: Given): Promise<number> =>
  withStore(context, given, async (store) => {
    const { printer, settings } = context;
    const { reportedPeople, writeReport } = await import("../campaign/report/report.js");
    const campaign = await campaignOf(store, id);
    const out = typeof given.out === "string" && given.out !== "-" ? given.out : undefined;
    if (out === undefined && (settings.output === "json" || settings.output === "jsonl")) {
      if (given.format !== undefined) throw usage(`--format ${given.format} cannot be printed as ${settings.output}`);
      await printer.list(reportedPeople(store, id), []);
      return EXIT.done;
    }
    const format = given.format ?? (out !== undefined && /\.html?$/i.test(out) ? "html" : "csv");
    // Names and texts are untrusted, and a terminal obeys control characters.
    const print = (text: string): Promise<void> => printer.write(printer.forPrograms ? text : safe(text));
    await writeReport(store, campaign, format === "html" ? "html" : "csv", out, print).catch((error) => {
      const { code, syscall } = error as NodeJS.ErrnoException;
      if (out === undefined || syscall !== "open") throw error;
      throw usage(code === "EEXIST" ? `${out} already exists` : `${out} cannot be written (${code})`);
    });
    if (out !== undefined) printer.note(`Wrote ${out}.`, { file: out });
    return EXIT.done;
  });
