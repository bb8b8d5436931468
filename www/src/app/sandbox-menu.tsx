// What only a sandbox can do: somebody calls or texts, and everything begins anew.

import { ChevronDown } from "lucide-preact";
import { useRef } from "preact/hooks";
import { changed } from "../data/queries.js";
import { beginWithDemo } from "../session/page-sandbox.js";
import { inbound, reset } from "../session/sandbox.js";
import { account, api, forgetDoubts, mode } from "../session/session.js";
import { Action } from "../ui/action.js";
import { confirm } from "./confirm.js";
import { go } from "./location.js";
import { tell } from "./notices.js";

const SAYINGS = [
  "Are you open on Sunday?",
  "Can I move my appointment to Friday?",
  "Where is my order?",
  "Do you have rye bread today?",
];

/** The newest number, where several could be meant. */
async function ourNumber(): Promise<string> {
  const { data } = await api().numbers.list({ limit: 1 });
  if (data[0] === undefined)
    throw new Error("Buy a number first: there is nothing yet that anybody could call or text.");
  return data[0].phoneNumber;
}

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
            await inbound.call({ to: await ourNumber() });
            await changed();
            tell("Somebody calls. Watch it under Calls.");
          }}
        >
          Simulate incoming call
        </Action>
        <Action
          run={async () => {
            close();
            await inbound.message({
              to: await ourNumber(),
              body: SAYINGS[Math.floor(Math.random() * SAYINGS.length)] ?? "Hello?",
            });
            await changed();
            tell("A text came in. See it under Conversations.");
          }}
        >
          Simulate incoming text
        </Action>
        {mode() === "page" && (
          <Action
            run={async () => {
              close();
              const yes = await confirm({
                title: "Show a week of activity?",
                body: (
                  <p>
                    This sandbox is forgotten; one begins that has a week behind it, and calls that come in while you
                    look.
                  </p>
                ),
                action: "Show it",
              });
              if (yes) beginWithDemo();
            }}
          >
            Show a week of activity
          </Action>
        )}
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
            if (!yes) return;
            await reset();
            await forgetDoubts();
            account.value = null;
            go("/");
            await changed();
            tell("The sandbox is empty again.");
          }}
        >
          Start over
        </Action>
      </div>
    </details>
  );
}
