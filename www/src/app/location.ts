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

/** Asked before one leaves the path; true lets one go. */
type Guard = () => Promise<boolean>;
let guard: Guard | undefined;

/** Has `ask` asked before one leaves the path, until what this gives is called. */
export function guardLeaving(ask: Guard): () => void {
  guard = ask;
  return () => {
    if (guard === ask) guard = undefined;
  };
}

/** Whether one may go elsewhere, e.g. into another account; asks when something would be lost. */
export const mayLeave = async (): Promise<boolean> => guard === undefined || guard();

const leaves = ({ account: whose, view }: Address): boolean =>
  guard !== undefined && (view.split("?")[0] !== path.peek() || whose !== account.peek());

/** The browser has moved, by a link or a step in the history: it is taken back until the guard has answered. */
function arrive(): void {
  if (takeSecret(shown())) return;
  const to = read();
  if (leaves(to)) {
    history.pushState({ entry }, "", shown());
    move(to, {});
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
  if (options.force !== true && leaves(to)) {
    void guard?.().then((yes) => {
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
