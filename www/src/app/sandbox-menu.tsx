// What only a sandbox can do: somebody calls or texts, and everything begins anew.

import { ChevronDown } from "lucide-preact";
import { Action } from "../ui/action.js";
import { Menu } from "../ui/menu.js";
import { confirm } from "./confirm.js";
import { showWeek } from "./show-week.js";
import { simulateCall, simulateText, startOver } from "./simulate.js";

async function startOverIfSure(): Promise<void> {
  const yes = await confirm({
    title: "Start over?",
    body: <p>Agents, numbers, calls and texts of this sandbox are forgotten, and so is what is in doubt.</p>,
    action: "Forget everything",
    danger: true,
  });
  if (yes) await startOver();
}

const CHOICES = [
  { title: "Simulate incoming call", act: simulateCall },
  { title: "Simulate incoming text", act: simulateText },
  { title: "Show two weeks of activity", act: showWeek },
  { title: "Start over", act: startOverIfSure, danger: true },
];

/** The menu. */
export const SandboxMenu = () => (
  <Menu
    name="Sandbox tools"
    label={
      <>
        <span class="long">Sandbox tools</span>
        <span class="short">Tools</span>
        <ChevronDown aria-hidden="true" size={16} />
      </>
    }
  >
    {(close) =>
      CHOICES.map(({ title, act, danger = false }) => (
        <Action
          key={title}
          {...(danger ? { class: "danger" } : {})}
          run={() => {
            close();
            return act();
          }}
        >
          {title}
        </Action>
      ))
    }
  </Menu>
);
