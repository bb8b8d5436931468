// How the page tells that something failed: the code, what it means and what to do, in the client's
// own words, which are written for that.

import { AgentPhoneError } from "agentphone-wasm";
import { fill, h } from "./dom.js";

/** Shows an error in a slot of index.html. What the page itself aborted is no error. */
export function showProblem(slot: HTMLElement, error: unknown): void {
  if (AgentPhoneError.is(error)) {
    if (error.code === "ABORTED") return;
    fill(slot, ofClient(error));
  } else {
    fill(slot, h("div", { class: "problem" }, h("p", {}, error instanceof Error ? error.message : String(error))));
  }
}

export function clearProblem(slot: HTMLElement): void {
  fill(slot);
}

type ClientError = Pick<AgentPhoneError, "code" | "message" | "details" | "outcomeUnknown">;

function ofClient(error: ClientError): HTMLElement {
  const details = error.details.map(({ field, message }) => h("li", {}, h("code", {}, field), `: ${message}`));
  const code = h("p", {}, h("code", { class: error.outcomeUnknown ? "badge unsure" : "badge bad" }, error.code));
  return h(
    "div",
    { class: error.outcomeUnknown ? "problem unsure" : "problem" },
    code,
    h("p", {}, error.message),
    details.length > 0 ? h("ul", {}, ...details) : null,
  );
}
