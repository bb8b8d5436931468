// Where one is: sub-account, path and query all live behind the `#`, so that any web server can give out the page
// and every view and filter has an address of its own.

import { batch, computed, effect, signal } from "@preact/signals";
import { takeSecret } from "../session/secret.js";
import { account } from "../session/session.js";
import { type Address, readAddress, writeAddress } from "./address.js";

const read = (): Address => readAddress(location.hash);
const hash = signal(read().view);
account.value = read().account;
addEventListener("hashchange", arrive);
addEventListener("popstate", arrive);

/** The address of what is shown. */
const shown = (): string => `#${writeAddress({ account: account.peek(), view: hash.peek() })}`;

let entry = entryShown();

/** The step of the history that is shown: one that comes back to it finds the same name, whoever follows a link a new one. */
export const historyEntry = (): string => entry;

/** The same with the address: filters change it without a step in the history. */
export const placeShown = (): string => `${entry}#${hash.peek()}`;

function entryShown(): string {
  const { entry: known } = (history.state ?? {}) as { entry?: unknown };
  if (typeof known === "string") return known;
  const made = newEntry();
  history.replaceState({ entry: made }, "");
  return made;
}

/** Unlike those of before a reload, which the history still has. */
function newEntry(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
}

/** How one leaves. */
interface Leaving {
  /** The path or the account changes, and not only a filter. */
  path: boolean;
  /** By a link or a step in the history, and not by what the page itself does. */
  browser: boolean;
}

/** What would be lost. */
interface Guard {
  /** Whether this way of leaving would lose it. */
  holds: (leaving: Leaving) => boolean;
  /** True lets one go. */
  ask: () => Promise<boolean>;
}

/** The one that came last is asked first. */
let guards: readonly Guard[] = [];

/** Has the guard asked before one leaves, until what this gives is called. */
export function guardLeaving(guard: Guard): () => void {
  guards = [guard, ...guards];
  return () => {
    guards = guards.filter((other) => other !== guard);
  };
}

async function allow(leaving: Leaving): Promise<boolean> {
  for (const guard of guards) if (guard.holds(leaving) && !(await guard.ask())) return false;
  return true;
}

/** Whether one may go elsewhere, e.g. into another account; asks when something would be lost. */
export const mayLeave = (): Promise<boolean> => allow({ path: true, browser: false });

const leavingTo = ({ account: whose, view }: Address, browser: boolean): Leaving => ({
  path: view.split("?")[0] !== path.peek() || whose !== account.peek(),
  browser,
});

/** The browser has moved, by a link or a step in the history: it is taken back until the guards have answered. */
function arrive(): void {
  if (takeSecret(shown())) return;
  const to = read();
  const leaving = leavingTo(to, true);
  // The browser reports a step twice, and by the second time it has been taken back.
  const moved = writeAddress(to) !== shown().slice(1);
  if (moved && guards.some((guard) => guard.holds(leaving))) {
    history.pushState({ entry }, "", shown());
    void allow(leaving).then((yes) => {
      if (yes) move(to, { force: true });
    });
  } else {
    entry = entryShown();
    show(to);
  }
}

function show({ account: whose, view }: Address): void {
  batch(() => {
    account.value = whose;
    hash.value = view;
  });
}

/** Switching the account keeps the view: the address follows. */
effect(() => {
  if (account.value !== read().account) history.replaceState({ entry }, "", shown());
});

/** A link of the page names the view alone; it gets its account before it can be followed, copied or opened in a tab. */
function complete({ target }: Event): void {
  const link = target instanceof Element ? target.closest('a[href^="#/"]') : null;
  if (link === null) return;
  const { view } = readAddress(link.getAttribute("href") ?? "");
  link.setAttribute("href", `#${writeAddress({ account: account.peek(), view })}`);
}
for (const moment of ["pointerdown", "click", "auxclick", "contextmenu", "keydown"])
  addEventListener(moment, complete, true);

/** The path, e.g. `/calls/call_1`. */
export const path = computed(() => hash.value.split("?")[0] || "/");
const query = computed(() => hash.value.split("?")[1] ?? "");

interface Going {
  replace?: boolean;
  force?: boolean;
}

/** Goes to a path of the console, in the same account. `replace` leaves no step in the history, `force` asks no guard. */
export function go(to: string, options: Going = {}): void {
  move({ account: account.peek(), view: to }, options);
}

function move(to: Address, options: Going): void {
  const leaving = leavingTo(to, false);
  if (options.force !== true && guards.some((guard) => guard.holds(leaving))) {
    void allow(leaving).then((yes) => {
      if (yes) move(to, { ...options, force: true });
    });
    return;
  }
  if (options.replace !== true) entry = newEntry();
  history[options.replace === true ? "replaceState" : "pushState"]({ entry }, "", `#${writeAddress(to)}`);
  show(to);
}

/** The address of a path in this account, for a new tab. */
export const addressOf = (to: string): string => `#${writeAddress({ account: account.peek(), view: to })}`;

/** For wouter: where the router is, and how it moves. */
export const useHash = Object.assign((): [string, typeof go] => [path.value, go], { hrefs: (to: string) => `#${to}` });
export const useHashQuery = (): string => query.value;

/** The filters in the address: read as a signal-backed object, written without a step in the history. */
export function filter(name: string): string {
  return new URLSearchParams(query.value).get(name) ?? "";
}

/** Sets filters in the address; an empty one leaves it. */
export function setFilter(changes: Record<string, string>): void {
  go(pathWith(changes), { replace: true });
}

/** The path that is shown, with other filters. */
export function pathWith(changes: Record<string, string>): string {
  const params = new URLSearchParams(query.peek());
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  return path.peek() + (text === "" ? "" : `?${text}`);
}
