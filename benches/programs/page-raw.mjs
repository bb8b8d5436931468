// The smallest page with no client: what importing a file and calling `fetch` cost by themselves.
export const send = async (fetch) => (await fetch(`${location.origin}/v1/agents`, { headers: { accept: "application/json" } })).json();
