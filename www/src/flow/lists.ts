// The lists of what the account holds: agents, numbers, recent calls.

import type { Agent, CallSummary, PhoneNumber } from "agentphone-wasm";
import { byId, fill, h } from "../dom.js";
import { clock, count } from "../format.js";
import type { Account, Store } from "../store.js";
import { stateInWords } from "./call-view.js";

/** As many as self-service may hold numbers. */
const SHOWN = 10;

/** Keeps the lists up to date. `follow` is asked to show the call with this id. */
export function setUpLists(store: Store, follow: (id: string) => void): void {
  const agents = byId("list-agents", HTMLElement);
  const numbers = byId("list-numbers", HTMLElement);
  const calls = byId("list-calls", HTMLElement);
  store.watch((account) => {
    draw(agents, account.agents.map(agentRow), "No agent yet. Create one in step 1.");
    draw(numbers, account.numbers.map((n) => numberRow(n, account)), "No number yet. Buy one in step 2.");
    draw(calls, account.calls.map((c) => callRow(c, follow)), "No call yet. Place one in step 3.");
  });
}

function draw(list: HTMLElement, rows: HTMLElement[], empty: string): void {
  const rest = rows.length - SHOWN;
  const shown = rows.length === 0 ? [h("li", { class: "empty" }, empty)] : rows.slice(0, SHOWN);
  if (rest > 0) shown.push(h("li", { class: "muted" }, `and ${rest} more`));
  // Redrawing takes the focus away, so it goes to the button that stands for the same thing.
  const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute("aria-label") : null;
  fill(list, ...shown);
  for (const button of list.querySelectorAll("button")) {
    if (button.getAttribute("aria-label") === focused) button.focus();
  }
}

function agentRow(agent: Agent): HTMLElement {
  const numbers = agent.numbers ?? [];
  return row(agent.name, `${agent.voiceMode}, ${numbers.length === 0 ? "no number" : count(numbers.length, "number")}`);
}

function numberRow(number: PhoneNumber, { agents }: Account): HTMLElement {
  const owner = agents.find(({ id }) => id === number.agentId);
  return row(number.phoneNumber, owner === undefined ? "attached to nobody" : `attached to ${owner.name}`);
}

function callRow(call: CallSummary, follow: (id: string) => void): HTMLElement {
  const at = clock(call.startedAt);
  const show = h(
    "button",
    {
      class: "quiet",
      attrs: { type: "button", "aria-label": `Show the call to ${call.toNumber} of ${at}` },
      onClick: () => follow(call.id),
    },
    "Show",
  );
  return row(call.toNumber, `${stateInWords(call.status)}, ${call.agentName ?? "an agent"}, ${at}`, show);
}

function row(title: string, about: string, action: HTMLElement | null = null): HTMLElement {
  return h(
    "li",
    {},
    h("span", { class: "row-text" }, h("strong", {}, title), h("span", { class: "muted" }, about)),
    action,
  );
}
