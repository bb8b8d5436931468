// @ts-check
// What the address says after the `#`: the sub-account that one acts in, if any, and the view with its filters. So a link
// that is sent to a colleague, or opened in another tab, never shows the same view of another account.

/** `account`: null for the main account. @typedef {{ account: string | null, view: string }} Address */

/** @param {string} hash With or without `#`. @returns {Address} */
export function readAddress(hash) {
  const text = hash.replace(/^#/, "");
  const [, id, view] = /^\/a\/([^/?]+)(.*)$/s.exec(text) ?? [];
  if (id === undefined) return { account: null, view: text.startsWith("/") ? text : `/${text}` };
  return { account: decoded(id), view: view === undefined || !view.startsWith("/") ? `/${view ?? ""}` : view };
}

/** The text after the `#`. @param {Address} address */
export const writeAddress = ({ account, view }) =>
  account === null ? view : `/a/${encodeURIComponent(account)}${view}`;

/** @param {string} id */
function decoded(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}
