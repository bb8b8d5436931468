// Actions on several calls at once.

import type { CallSummary } from "agentphone-wasm";
import { confirm } from "../../app/confirm.js";
import { tell } from "../../app/notices.js";
import { changed } from "../../data/queries.js";
import { api } from "../../session/session.js";
import type { Bulk } from "../../ui/bulk-bar.js";
import { BYTE_ORDER_MARK, csvLine } from "../../ui/csv.js";
import { count } from "../../ui/format.js";
import { saveAs } from "../../ui/save.js";
import { phoneText } from "../../ui/values.js";
import { openReach } from "../reach/open.js";
import { CSV } from "./columns.js";
import { goesOn, otherSide } from "./words.js";

/** Ends those in progress; a call that has ended meanwhile is left alone. */
async function end(calls: readonly CallSummary[]): Promise<boolean> {
  const live = calls.filter(goesOn);
  const yes = await confirm({
    title: `End ${count(live.length, "call")}?`,
    body: "The people on the phone are cut off, even in mid-sentence.",
    action: "End them",
    danger: true,
  });
  if (!yes) return false;
  const ended = await Promise.allSettled(live.map(({ id }) => api().calls.end(id)));
  await changed("calls");
  const failed = ended.filter(({ status }) => status === "rejected").length;
  if (failed > 0)
    throw new Error(`${count(failed, "call")} could not be ended. Look at the table before you try again.`);
  tell(`${count(live.length, "call")} ended.`);
  return true;
}

async function save(calls: readonly CallSummary[]): Promise<boolean> {
  const columns = CSV(() => undefined);
  const lines = calls.map((call) => csvLine(columns.map(([, value]) => value(call))));
  saveAs("calls-selected.csv", [BYTE_ORDER_MARK + csvLine(columns.map(([title]) => title)), ...lines], "text/csv");
  return false;
}

const hasPeople = (calls: readonly CallSummary[]): boolean => calls.some((call) => otherSide(call) !== undefined);
/** The people at the other end; calls from a browser have none. */
const people = (calls: readonly CallSummary[]) => calls.map((call) => ({ phone: otherSide(call) }));

export const BULK: Bulk<CallSummary> = {
  noun: "call",
  name: (call) => `call with ${phoneText(otherSide(call) ?? "a browser")}`,
  actions: [
    { label: "Export selected", run: save },
    { label: "Text them", fits: hasPeople, run: async (calls) => openReach("text", people(calls)) },
    { label: "Call them again", fits: hasPeople, run: async (calls) => openReach("call", people(calls)) },
    { label: "End calls", danger: true, fits: (calls) => calls.some(goesOn), run: end },
  ],
};
