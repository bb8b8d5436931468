// The secrets of this account's webhooks, to find out which of them a delivery was signed with. They are not shown.

import { api } from "../../session/session.js";

/** A secret and whose it is. */
export interface NamedSecret {
  whose: string;
  secret: string;
}

/** The API does not list them: each agent is a request, so only so many are asked. */
const MOST = 50;
const AT_ONCE = 6;

/** That of the project, then those of agents with a webhook of their own. */
export async function readSecrets(): Promise<readonly NamedSecret[]> {
  const client = api();
  const [project, { data: agents }] = await Promise.all([client.webhooks.get(), client.agents.list({ limit: MOST })]);
  const found: NamedSecret[] = project === null ? [] : [{ whose: "the project", secret: project.secret }];
  for (let from = 0; from < agents.length; from += AT_ONCE) {
    const some = agents.slice(from, from + AT_ONCE);
    const own = await Promise.all(some.map(({ id }) => client.agents.webhook.get(id)));
    some.forEach(({ name }, index) => {
      const webhook = own[index];
      if (webhook) found.push({ whose: `the agent ${name}`, secret: webhook.secret });
    });
  }
  return found;
}
