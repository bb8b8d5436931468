// The client that the page shows, with the options it needs here.

import { AgentPhone, type Hooks } from "agentphone-wasm";

/**
 * Makes a client for the sandbox that serves this page.
 *
 * A key in a page is readable by everybody who opens it. Here that is right: a sandbox takes any key,
 * so this one is no secret and opens nothing. With a real account, leave the key on a server of yours:
 * `apiKey: null` and the `baseUrl` of a proxy that adds it.
 */
export function makeClient(hooks: Hooks | null = null): AgentPhone {
  return new AgentPhone({
    apiKey: "sk_sandbox_page",
    dangerouslyAllowBrowser: true,
    baseUrl: location.origin,
    hooks,
  });
}
