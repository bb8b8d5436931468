// `agentphone-wasm-cli/campaign`: campaigns as a library. Each person is called or texted once, on one machine or on many.

export { campaignOf, pause, resume, retry, start, stop } from "./control.js";
export { keyOf } from "./core/key.js";
export { quietHoursOf } from "./core/quiet-hours.js";
export { type Decision, decide } from "./decide.js";
export { CampaignError } from "./error.js";
export { type CampaignHandlerOptions, campaignHandler } from "./http/handler.js";
export { csvRows } from "./input/csv.js";
export { jsonRows } from "./input/json-lines.js";
export type { Problem } from "./input/problems.js";
export { type Planned, type PlanOptions, planCampaign } from "./prepare.js";
export { writeReport } from "./report/report.js";
export type { Clock } from "./run/clock.js";
export type { Policy, WorkerEvent } from "./run/context.js";
export { runWorker, type WorkerOptions } from "./run/worker.js";
export type { Wanted } from "./settings.js";
export { type Status, statusOf } from "./status.js";
export { StoreError } from "./store/error.js";
export { openStore } from "./store/open.js";
export type { CampaignStore } from "./store/store.js";
export type {
  CallResult,
  Campaign,
  CampaignState,
  Counts,
  NewPerson,
  Person,
  PersonState,
  Plan,
  QuietHours,
  Settings,
  SkipReason,
} from "./types.js";
