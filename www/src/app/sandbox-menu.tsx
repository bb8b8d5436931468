// What only a sandbox can do: somebody calls or texts, and everything begins anew.

import { ChevronDown } from "lucide-preact";
import { useRef } from "preact/hooks";
import { Action } from "../ui/action.js";
import { confirm } from "./confirm.js";
import { showWeek } from "./show-week.js";
import { simulateCall, simulateText, startOver } from "./simulate.js";

/** The menu. */
export function SandboxMenu() {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false;
  };
  return (
    <details
      class="menu"
      ref={menu}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
      onFocusOut={(event) => {
        if (event.relatedTarget instanceof Node && !menu.current?.contains(event.relatedTarget)) close();
      }}
    >
      <summary aria-label="Sandbox tools">
        <span class="long">Sandbox tools</span>
        <span class="short">Tools</span>
        <ChevronDown aria-hidden="true" size={16} />
      </summary>
      <div class="menu-items">
        <Action
          run={async () => {
            close();
            await simulateCall();
          }}
        >
          Simulate incoming call
        </Action>
        <Action
          run={async () => {
            close();
            await simulateText();
          }}
        >
          Simulate incoming text
        </Action>
        <Action
          run={async () => {
            close();
            await showWeek();
          }}
        >
          Show two weeks of activity
        </Action>
        <Action
          class="danger"
          run={async () => {
            close();
            const yes = await confirm({
              title: "Start over?",
              body: <p>Agents, numbers, calls and texts of this sandbox are forgotten, and so is what is in doubt.</p>,
              action: "Forget everything",
              danger: true,
            });
            if (yes) await startOver();
          }}
        >
          Start over
        </Action>
      </div>
    </details>
  );
}
