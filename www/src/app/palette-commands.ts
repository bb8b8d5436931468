// What the palette offers before a search: the views, and actions that are available everywhere.

import { actIn, type KnownSubAccount, nameOf } from "../data/sub-accounts.js";
import { account, isLive } from "../session/session.js";
import { go } from "./location.js";
import { tellError } from "./notices.js";
import type { Item } from "./palette-find.js";
import { openPlaceCall } from "./place-call.js";
import type { Route } from "./routes.js";
import { helpOpen } from "./shortcuts.js";
import { showWeek } from "./show-week.js";
import { simulateCall, simulateText } from "./simulate.js";
import { setTheme } from "./theme.js";

/** Reports a failure, because no caller awaits the action. */
const safely = (run: () => Promise<unknown>) => (): void => void run().catch(tellError);

/** All of them. */
export function commands(routes: readonly Route[], subAccounts: readonly KnownSubAccount[]): Item[] {
  const views = routes
    .filter(({ icon }) => icon !== undefined)
    .map(({ path, title, key }) => ({
      group: "Go to",
      name: title,
      also: key === undefined ? undefined : `g ${key}`,
      act: () => go(path),
    }));
  const doings: Item[] = [
    { group: "Do", name: "Place a call", act: () => openPlaceCall() },
    { group: "Do", name: "New message", act: () => go("/conversations?compose=1") },
    { group: "Do", name: "New contact", act: () => go("/contacts?new=1") },
    ...(["light", "dark", "system"] as const).map((to) => ({
      group: "Do",
      name: `Theme: ${to}`,
      act: () => setTheme(to),
    })),
    { group: "Do", name: "Keyboard shortcuts", also: "?", act: () => (helpOpen.value = true) },
  ];
  const accounts: Item[] = [
    ...(account.value === null
      ? []
      : [{ group: "Account", name: "Switch to the main account", act: () => actIn(null) }]),
    ...subAccounts
      .filter(({ id }) => id !== account.value)
      .map((sub) => ({ group: "Account", name: `Switch to ${nameOf(sub)}`, act: () => actIn(sub.id) })),
  ];
  const sandbox: Item[] = isLive()
    ? []
    : [
        { group: "Sandbox", name: "Simulate incoming call", act: safely(simulateCall) },
        { group: "Sandbox", name: "Simulate incoming text", act: safely(simulateText) },
        { group: "Sandbox", name: "First call, step by step", act: () => go("/first-call") },
        { group: "Sandbox", name: "Show two weeks of activity", act: safely(showWeek) },
      ];
  return [...views, ...doings, ...accounts, ...sandbox];
}
