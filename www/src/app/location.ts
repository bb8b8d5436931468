// Where one is: path and query both live behind the `#`, so that any web server can give out the page
// and every view and filter has an address of its own.

import { computed, signal } from "@preact/signals";
import { takeSecret } from "../session/secret.js";

const read = (): string => location.hash.slice(1) || "/";
const hash = signal(read());
addEventListener("hashchange", arrive);
addEventListener("popstate", arrive);

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

const leaves = (to: string): boolean => guard !== undefined && to.split("?")[0] !== path.peek();

/** The browser has moved, by a link or a step in the history: it is taken back until the guard has answered. */
function arrive(): void {
  if (takeSecret(`#${hash.peek()}`)) return;
  const to = read();
  if (leaves(to)) {
    history.pushState({ entry }, "", `#${hash.peek()}`);
    go(to);
  } else {
    entry = entryShown();
    hash.value = to;
  }
}

/** The path, e.g. `/calls/call_1`. */
export const path = computed(() => hash.value.split("?")[0] || "/");
const query = computed(() => hash.value.split("?")[1] ?? "");

/** Goes to a path of the console. `replace` leaves no step in the history, `force` asks no guard. */
export function go(to: string, options: { replace?: boolean; force?: boolean } = {}): void {
  if (options.force !== true && leaves(to)) {
    void guard?.().then((yes) => {
      if (yes) go(to, { ...options, force: true });
    });
    return;
  }
  if (options.replace !== true) entry = newEntry();
  history[options.replace === true ? "replaceState" : "pushState"]({ entry }, "", `#${to}`);
  hash.value = to;
}

/** For wouter: where the router is, and how it moves. */
export const useHash = Object.assign((): [string, typeof go] => [path.value, go], { hrefs: (to: string) => `#${to}` });
export const useHashQuery = (): string => query.value;

/** The filters in the address: read as a signal-backed object, written without a step in the history. */
export function filter(name: string): string {
  return new URLSearchParams(query.value).get(name) ?? "";
}

/** Sets filters in the address; an empty one leaves it. */
export function setFilter(changes: Record<string, string>): void {
  const params = new URLSearchParams(query.peek());
  for (const [name, value] of Object.entries(changes)) {
    if (value === "") params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  go(path.peek() + (text === "" ? "" : `?${text}`), { replace: true });
}
