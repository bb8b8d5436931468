// The error panel: choose a fault and an operation, run it, see what the client did.

import { busy } from "../busy.js";
import { byId, fill, h, setOptions } from "../dom.js";
import { clearProblem, showProblem } from "../problem.js";
import { FAULTS, type Fault } from "./catalogue.js";
import { OPERATIONS } from "./operations.js";
import { summary, toldView, truthView } from "./outcome-view.js";
import { provoke } from "./run.js";
import { timelineRows } from "./timeline-view.js";

/** Wires the panel. `ran` is called after each run. */
export function setUpErrorPanel(ran: () => Promise<void>): void {
  const form = byId("fault-form", HTMLFormElement);
  const choice = byId("fault-choice", HTMLSelectElement);
  const about = byId("fault-about", HTMLElement);
  const target = byId("fault-operation", HTMLSelectElement);
  const hits = byId("fault-hits", HTMLSelectElement);
  const button = byId("fault-run", HTMLButtonElement);
  const slot = byId("fault-problem", HTMLElement);
  const empty = byId("fault-empty", HTMLElement);
  const result = byId("fault-result", HTMLElement);
  const status = byId("fault-status", HTMLElement);
  const timeline = byId("fault-timeline", HTMLElement);
  const told = byId("fault-told", HTMLElement);
  const truth = byId("fault-truth", HTMLElement);

  const chosen = (): Fault => found(FAULTS, choice.value);
  const explain = (): void => {
    about.textContent = chosen().about;
  };
  fill(choice, ...groups());
  setOptions(target, OPERATIONS.map(({ id, label }) => ({ value: id, label })));
  choice.addEventListener("change", explain);
  explain();

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(button, "Running…", async () => {
      const request = {
        fault: chosen(),
        operation: found(OPERATIONS, target.value),
        firstOnly: hits.value === "first",
      };
      clearProblem(slot);
      empty.hidden = true;
      result.hidden = false;
      status.textContent = `Running ${request.operation.id} against: ${request.fault.label}`;
      for (const part of [timeline, told, truth]) fill(part);
      result.setAttribute("aria-busy", "true");
      try {
        const report = await provoke(request, (entries) => fill(timeline, ...timelineRows(entries)));
        fill(told, toldView(report));
        fill(truth, truthView(report));
        status.textContent = summary(report);
      } catch (error) {
        result.hidden = true;
        status.textContent = "";
        showProblem(slot, error);
      } finally {
        result.removeAttribute("aria-busy");
      }
      await ran().catch((error: unknown) => showProblem(slot, error));
    });
  });
}

function found<T extends { id: string }>(rows: readonly T[], id: string): T {
  const row = rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error(`nothing is called ${id}`);
  return row;
}

function groups(): HTMLElement[] {
  const names = [...new Set(FAULTS.map(({ group }) => group))];
  return names.map((name) =>
    h(
      "optgroup",
      { attrs: { label: name } },
      ...FAULTS.filter(({ group }) => group === name).map(({ id, label }) => h("option", { attrs: { value: id } }, label)),
    ),
  );
}
