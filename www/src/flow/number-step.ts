// Step 2: buy a number and attach it to an agent. Two requests on purpose: a purchase whose answer
// is lost costs money and must not be repeated, while attaching may be repeated as often as needed.

import { busy } from "../busy.js";
import { byId, setOptions } from "../dom.js";
import { clearProblem, showProblem } from "../problem.js";
import type { Store } from "../store.js";
import { inTurn } from "../turns.js";

/** Wires the form. `attached` is told the id of the agent that has a new number. */
export function setUpNumberStep(store: Store, attached: (agentId: string) => void): void {
  const form = byId("number-form", HTMLFormElement);
  const fields = byId("number-fields", HTMLFieldSetElement);
  const agent = byId("number-agent", HTMLSelectElement);
  const area = byId("number-area", HTMLInputElement);
  const button = byId("number-buy", HTMLButtonElement);
  const slot = byId("number-problem", HTMLElement);
  const hint = byId("number-hint", HTMLElement);

  store.watch(({ agents }) => {
    setOptions(agent, agents.map(({ id, name }) => ({ value: id, label: name })));
    fields.disabled = agents.length === 0;
    hint.hidden = agents.length > 0;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(button, "Buying…", async () => {
      clearProblem(slot);
      const agentId = agent.value;
      const areaCode = area.value.trim();
      try {
        const number = await inTurn(() =>
          store.client.numbers.buy(areaCode === "" ? { country: "US" } : { country: "US", areaCode }),
        );
        await inTurn(() => store.client.agents.numbers.attach(agentId, { numberId: number.id }));
        await store.refresh();
        attached(agentId);
      } catch (error) {
        showProblem(slot, error);
        await store.refresh().catch(() => {});
      }
    });
  });
}
