// The top of the page: what one talks to, in which account, and what can be done from everywhere.

import { useIsFetching } from "@tanstack/preact-query";
import { Menu, PhoneOutgoing } from "lucide-preact";
import { reading } from "../data/live-list.js";
import { queries } from "../data/queries.js";
import { isLive, mode } from "../session/session.js";
import { useSlow } from "../ui/action.js";
import { AccountChoice } from "./account-choice.js";
import { useDoubtCount } from "./doubt-watch.js";
import { Mark } from "./mark.js";
import { closeOnEscape, menuOpen, narrow } from "./navigation.js";
import { FindButton } from "./overlays.js";
import { openPlaceCall } from "./place-call.js";
import { SandboxMenu } from "./sandbox-menu.js";
import { ThemeButton } from "./theme-button.js";

const WORDS = {
  page: { name: "Sandbox", about: "A local AgentPhone inside this page. No phone rings and nothing costs money." },
  server: { name: "Sandbox", about: "A local AgentPhone on this machine. No phone rings and nothing costs money." },
  live: { name: "Live account", about: "A real account: calls ring phones and cost money." },
};

/** The header. */
export function Header() {
  const { name, about } = WORDS[mode()];
  const doubts = useDoubtCount();
  const slow = useSlow(useIsFetching({}, queries) + reading.value > 0);
  return (
    <header class="top">
      <button
        type="button"
        class="icon menu-button"
        aria-label={doubts === 0 ? "Views" : `Views, ${doubts} in doubt`}
        aria-expanded={menuOpen.value}
        aria-controls="navigation"
        onClick={() => (menuOpen.value = !menuOpen.value)}
        onKeyDown={closeOnEscape}
      >
        <Menu aria-hidden="true" size={20} />
        {doubts > 0 && <span class="dot" aria-hidden="true" />}
      </button>
      <a href="#/" class="brand" aria-label="AgentPhone">
        <Mark size={26} />
        <span class="name">AgentPhone</span>
      </a>
      <span class={isLive() ? "badge bad" : "badge"} title={about} data-mode={mode()}>
        {name}
      </span>
      <div class="spacer" />
      <FindButton />
      {!narrow.value && <AccountChoice />}
      {!isLive() && <SandboxMenu />}
      {!narrow.value && <ThemeButton />}
      <button type="button" class="primary" aria-label="Place a call" onClick={() => openPlaceCall()}>
        <PhoneOutgoing aria-hidden="true" size={16} />
        <span class="long">Place a call</span>
        <span class="short" aria-hidden="true">
          Call
        </span>
      </button>
      <div class={slow ? "progress on" : "progress"} aria-hidden="true" />
    </header>
  );
}
