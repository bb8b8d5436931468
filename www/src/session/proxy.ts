// The client goes by the API's own address, and the page can ask only the proxy that serves it.

/** Sends what is meant for `api` to the server of this page, and everything else as it is. */
export function throughProxy(api: string, ask: typeof fetch): typeof fetch {
  const { origin, pathname } = new URL(api);
  const root = pathname.replace(/\/+$/, "");
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== origin || origin === location.origin) return ask(input, init);
    return ask(location.origin + url.pathname.slice(root.length) + url.search, init);
  };
}
