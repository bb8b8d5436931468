// Puts the page together: one client, one store, and the parts that show and change it.

import "./style.css";
import { busy } from "./busy.js";
import { makeClient } from "./client.js";
import { byId } from "./dom.js";
import { setUpErrorPanel } from "./faults/panel.js";
import { setUpAgentStep } from "./flow/agent-step.js";
import { setUpCallStep } from "./flow/call-step.js";
import { CallView } from "./flow/call-view.js";
import { setUpLists } from "./flow/lists.js";
import { setUpNumberStep } from "./flow/number-step.js";
import { clearProblem, showProblem } from "./problem.js";
import { reset } from "./sandbox.js";
import { Store } from "./store.js";
import { inTurn } from "./turns.js";

const slot = byId("page-problem", HTMLElement);
const store = new Store(makeClient());
const view = new CallView(store.client, refresh);

async function refresh(): Promise<void> {
  try {
    await store.refresh();
    clearProblem(slot);
  } catch (error) {
    showProblem(slot, error);
  }
}

/** The next step takes over what the last one made. */
const choose = (id: string) => (agentId: string): void => {
  byId(id, HTMLSelectElement).value = agentId;
};

setUpAgentStep(store, choose("number-agent"));
setUpNumberStep(store, choose("call-agent"));
setUpCallStep(store, ({ id }) => void view.follow(id));
setUpLists(store, (id) => {
  void view.follow(id);
  byId("call-title", HTMLElement).focus();
});
setUpErrorPanel(refresh);

const startOver = byId("start-over", HTMLButtonElement);
startOver.addEventListener("click", () => {
  void busy(startOver, "Resetting…", async () => {
    view.clear();
    try {
      await inTurn(reset);
    } catch (error) {
      showProblem(slot, error);
      return;
    }
    await refresh();
  });
});

void refresh();
