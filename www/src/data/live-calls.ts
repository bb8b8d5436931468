// The calls that somebody is on: for the overview, and for the tab, whose title and icon count them.

import type { CallSummary } from "agentphone-wasm";
import { useApi } from "./queries.js";

const LOOK_EVERY = 20_000;
const MOST = 100;

/** Calls in progress; undefined until they are known. Also read while the tab is in the background. */
export const useTalking = (): readonly CallSummary[] | undefined =>
  useApi(
    ["calls", "talking"],
    (client, signal) => client.calls.list({ status: "in-progress", limit: MOST }, { signal }).then(({ data }) => data),
    { every: LOOK_EVERY, hidden: true },
  ).data;
