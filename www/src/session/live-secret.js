// @ts-check
// What the live console's page and its proxy (www/server) have agreed on. The secret of a run reaches the page in
// the fragment of the printed address, which no browser sends anywhere, and comes back as a header. A cookie would
// go to every server of that host, whatever its port; nothing but this page's own code ever adds this header.

/** How a fragment that carries the secret begins. */
export const SECRET_FRAGMENT = "#key=";
/** The header of each request that may reach the account. */
export const SECRET_HEADER = "x-console-secret";
