// `agentphone campaign start|resume|worker`: the commands that talk to the API.

import { setTimeout as pause } from "node:timers/promises";
import { checkAccount } from "../campaign/account.js";
import {
  campaignOf,
  isAnotherRound,
  resume as resumeCampaign,
  start as startCampaign,
  wrongState,
} from "../campaign/control.js";
import { runWorker } from "../campaign/run/worker.js";
import { statusOf } from "../campaign/status.js";
import type { CampaignStore } from "../campaign/store/store.js";
import type { Campaign } from "../campaign/types.js";
import { requestOptions, withConnection } from "../connection.js";
import { consent } from "../consent.js";
import { EXIT, usage } from "../failure.js";
import { policyFile, policyOptions } from "../policy/file.js";
import type { Context } from "../settings.js";
import { hasLoose, isFollowable, takeOver, tellNext } from "./campaign-follow.js";
import { planNow } from "./campaign-round.js";
import { eventLine, planLines, progress, statusLine } from "./campaign-show.js";
import { type Given, lookFirst, withStore } from "./campaign-store.js";

/** Milliseconds between two checks of a worker that waits for a campaign to start. */
const LOOK = 2_000;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The policy of a file. Its counts are in the store's ledger, so that all workers share its limits. */
const policyOf = async (store: CampaignStore, file: string | undefined) => {
  if (file === undefined) return undefined;
  const { policy } = await import("agentphone-wasm/tools");
  return policy({ ...policyOptions(file), ledger: store.ledger });
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

/** `agentphone campaign worker <id>`: helps with a campaign that another process has started, and follows calls that no worker follows. */
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
