// Draws how a run ended: what the client told, and beside it what really happened.

import type { AgentPhoneError } from "agentphone-wasm";
import { h, terms } from "../dom.js";
import { count, millis } from "../format.js";
import { judge, sent } from "./judge.js";
import type { Report } from "./run.js";

/** What the client told. */
export function toldView({ told, request }: Report): HTMLElement {
  if (told.ok) {
    return terms([
      ["Result", h("strong", { class: "badge good" }, "Success")],
      ["HTTP status", String(told.status)],
      ["Attempts", String(told.attempts)],
      ["Took", millis(told.elapsed)],
    ]);
  }
  const { error } = told;
  const tone = error.outcomeUnknown ? "badge unsure" : "badge bad";
  return terms([
    ["Class", h("code", {}, error.name)],
    ["Code", h("code", { class: tone }, error.code)],
    ["HTTP status", error.status === undefined ? "none: no answer came" : String(error.status)],
    ["Retry after", error.retryAfter === undefined ? "not said" : `${error.retryAfter} s`],
    ["Outcome unknown", unknownInWords(error, request.operation.sure)],
    ["Retryable", retryableInWords(error)],
    ["Attempts", String(error.attempts)],
    ["Took", millis(error.elapsed)],
    ["Message", error.message],
  ]);
}

function unknownInWords({ outcomeUnknown }: AgentPhoneError, sure: string): string {
  return outcomeUnknown ? "yes, it may have happened: look before you repeat it" : sure;
}

function retryableInWords({ retryable, outcomeUnknown }: AgentPhoneError): string {
  if (retryable) return "yes, trying again later can help";
  return outcomeUnknown ? "no, not before you have looked" : "no, the same request would fail again";
}

/** What really happened. */
export function truthView(report: Report): HTMLElement {
  const { tone, text } = judge(report);
  const requests = `${count(report.received, "request")} received, ${sent(report)} sent by the client`;
  return h(
    "div",
    { class: `truth ${tone}` },
    h("p", { class: "fact" }, report.request.operation.truth(report.happened)),
    h("p", { class: "muted" }, requests),
    h("p", {}, text),
  );
}

/** One sentence for whoever listens. */
export function summary(report: Report): string {
  const { told, request, happened } = report;
  const end = told.ok ? "Success" : told.error.code;
  return `${end} after ${count(sent(report), "attempt")}. Ledger: ${request.operation.truth(happened)}.`;
}
