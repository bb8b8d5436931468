// What a start would do now. The plan that is stored counted everybody on the list; another round reaches only some of them.

import { segmentsOf } from "agentphone-wasm/toolkit";
import { isAnotherRound } from "../campaign/control.js";
import { emptyTally, planOf } from "../campaign/core/plan.js";
import { nextAllowed } from "../campaign/core/quiet-hours.js";
import { filled } from "../campaign/core/template.js";
import type { CampaignStore } from "../campaign/store/store.js";
import type { Campaign, Plan } from "../campaign/types.js";

/** People per read. */
const PAGE = 500;
/** US dollars for a message without a text. */
const MEDIA_ONLY = 0.02;

/** The plan of the people who are called or texted by the next start. */
export const planNow = async (store: CampaignStore, campaign: Campaign, now = Date.now()): Promise<Plan | null> => {
  const { id, settings, plan } = campaign;
  if (!isAnotherRound(campaign)) return plan;
  const { zone, quietHours, kind, message } = settings;
  const tally = emptyTally();
  for (let after = 0; ; ) {
    const people = await store.people(id, { states: ["waiting"], after, limit: PAGE });
    for (const person of people) {
      tally.people += 1;
      if (nextAllowed(now, person.zone ?? zone, quietHours) > now) tally.quietNow += 1;
      if (kind === "text")
        tally.texts += message.body ? segmentsOf(filled(message.body, person.variables)).price : MEDIA_ONLY;
    }
    const last = people.at(-1);
    if (last === undefined) return planOf(settings, tally, undefined, plan?.notes);
    after = last.seq;
  }
};
