// Step 1: create an agent.

import type { CreateAgentRequest } from "agentphone-wasm";
import { busy } from "../busy.js";
import { byId } from "../dom.js";
import { clearProblem, showProblem } from "../problem.js";
import type { Store } from "../store.js";
import { inTurn } from "../turns.js";

/** A hosted agent needs one; the sandbox's agent follows its own script. */
const PROMPT = "You call people to confirm their appointments. Be brief and friendly.";

/** Wires the form. `created` is told the id of each new agent. */
export function setUpAgentStep(store: Store, created: (id: string) => void): void {
  const form = byId("agent-form", HTMLFormElement);
  const name = byId("agent-name", HTMLInputElement);
  const mode = byId("agent-mode", HTMLSelectElement);
  const button = byId("agent-create", HTMLButtonElement);
  const slot = byId("agent-problem", HTMLElement);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void busy(button, "Creating…", async () => {
      clearProblem(slot);
      const hosted = mode.value === "hosted";
      const request: CreateAgentRequest = { name: name.value.trim(), voiceMode: hosted ? "hosted" : "webhook" };
      if (hosted) request.systemPrompt = PROMPT;
      try {
        const agent = await inTurn(() => store.client.agents.create(request));
        await store.refresh();
        created(agent.id);
      } catch (error) {
        showProblem(slot, error);
      }
    });
  });
}
