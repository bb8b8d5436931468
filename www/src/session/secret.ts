// The secret of a run of `npm start -- --live`, as the printed address brings it. It is kept in this tab's memory
// only: not in the address, where it would be seen, nor in any storage, where a later page could find it. So a
// reload, or another tab, begins without it.

import { SECRET_FRAGMENT, SECRET_HEADER } from "./live-secret.js";

let secret: string | undefined;
let fixed = false;
let tell = (): void => {};

/**
 * Takes the secret out of the address, if it is there; whether it was. `view` is the fragment to have in its place.
 */
export function takeSecret(view: string): boolean {
  if (!location.hash.startsWith(SECRET_FRAGMENT)) return false;
  if (!fixed) secret = location.hash.slice(SECRET_FRAGMENT.length);
  history.replaceState(null, "", location.pathname + location.search + view);
  tell();
  return true;
}

/** Resolves when the printed address is opened in this tab, which does not load the page again. */
export const secretArrives = (): Promise<void> => new Promise((resolve) => (tell = resolve));

/** From now on another secret changes nothing: a link could otherwise lock a tab that works. */
export const fixSecret = (): void => void (fixed = true);

export const hasSecret = (): boolean => secret !== undefined;

/** The headers of a request, with the secret if there is one. */
export function withSecret(headers?: HeadersInit): Headers {
  const all = new Headers(headers);
  if (secret !== undefined) all.set(SECRET_HEADER, secret);
  return all;
}

takeSecret("");
