// `agentphone effects` for calls that the API accepted and never listed: they are in doubt, although the ledger knows them as placed.

import type { AgentPhone } from "agentphone-wasm";
import { checkAccount } from "../campaign/account.js";
import { campaignOf } from "../campaign/control.js";
import { keyOf } from "../campaign/core/key.js";
import { type Decision, decide, isNotShown, notShown } from "../campaign/decide.js";
import type { CampaignStore } from "../campaign/store/store.js";
import type { Campaign, Person } from "../campaign/types.js";
import { EXIT } from "../failure.js";
import type { Context } from "../settings.js";
import { settleCampaign } from "./campaign-follow.js";
import { commandLine, type Given } from "./campaign-store.js";

/** A store may have campaigns of several accounts. */
const isOwn = (campaign: Campaign, client: AgentPhone): boolean => {
  try {
    checkAccount(campaign, client);
    return true;
  } catch {
    return false;
  }
};

const shown = (id: string, { recipient, round, state, reason, resultId, placedAt }: Person) => ({
  key: keyOf(id, recipient, round),
  recipient,
  operation: "calls.create",
  state: isNotShown({ state, resultId } as Person) ? (reason ?? state) : state,
  id: resultId,
  sentAt: new Date(placedAt).toISOString(),
  sends: 1,
});

/** These calls of all campaigns of the client's account, as they are listed. */
export const unseen = async function* (store: CampaignStore | undefined, client: AgentPhone) {
  for (const campaign of (await store?.list()) ?? [])
    if (store !== undefined && isOwn(campaign, client))
      for await (const person of notShown(store, campaign.id)) yield shown(campaign.id, person);
};

/** Records the decision about one of them. Resolves to the exit code; undefined: the key is not one of theirs. */
export const decideUnseen = async (
  context: Context,
  given: Given,
  { store, client }: { readonly store: CampaignStore; readonly client: AgentPhone },
  id: string,
  key: string,
  decision: Decision,
): Promise<number | undefined> => {
  const campaign = await store.get(id);
  if (campaign === undefined || campaign.state === "draft") return undefined;
  checkAccount(campaign, client);
  const before = await decide(store, id, key, decision);
  if (before === undefined) return undefined;
  await settleCampaign(context, given, store, client, id);
  const [after = before] = await store.people(id, { after: before.seq - 1, limit: 1 });
  await context.printer.value(shown(id, after));
  if (isNotShown(after)) return EXIT.unknown;
  const { state } = await campaignOf(store, id);
  if (after.reason === "not-placed" && state !== "running" && state !== "planned") {
    const command = commandLine(context, given, `campaign retry ${id} --only failed`);
    context.printer.note(`To call everybody once more whose call failed or was not made: ${command}`, {
      note: "retry",
      id,
      command,
    });
  }
  return EXIT.done;
};
