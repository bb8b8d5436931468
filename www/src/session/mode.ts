// Where the console gets its data from.

/** page: the sandbox runs in the page; server: it serves the page; live: a real account, through the proxy. */
export type Mode = "page" | "server" | "live";
