// Step 3: place a call, and hand it to the view that follows it.

import type { Call } from "agentphone-wasm";
import { busy } from "../busy.js";
import { byId, setOptions } from "../dom.js";
import { clearProblem, showProblem } from "../problem.js";
import { type Store, callers } from "../store.js";
import { inTurn } from "../turns.js";

/** Wires the form. `placed` is told each new call. */
export function setUpCallStep(store: Store, placed: (call: Call) => void): void {
  const form = byId("call-form", HTMLFormElement);
  const fields = byId("call-fields", HTMLFieldSetElement);
  const agent = byId("call-agent", HTMLSelectElement);
  const to = byId("call-to", HTMLInputElement);
  const button = byId("call-place", HTMLButtonElement);
  const slot = byId("call-problem", HTMLElement);
  const hint = byId("call-hint", HTMLElement);

  store.watch((account) => {
    const able = callers(account);
    setOptions(
      agent,
      able.map(({ id, name, numbers }) => ({ value: id, label: `${name}, ${numbers?.[0]?.phoneNumber ?? ""}` })),
    );
    fields.disabled = able.length === 0;
    hint.hidden = able.length > 0;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(button, "Placing…", async () => {
      clearProblem(slot);
      try {
        const request = { agentId: agent.value, toNumber: to.value.trim() };
        const call = await inTurn(() => store.client.calls.create(request, { timeout: 10_000 }));
        placed(call);
        await store.refresh();
      } catch (error) {
        showProblem(slot, error);
        // It may have been placed all the same; then the list shows it.
        await store.refresh().catch(() => {});
      }
    });
  });
}
