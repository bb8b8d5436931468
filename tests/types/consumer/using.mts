// `using`, which is compiled only where the library has the symbol (`esnext.disposable`).

import { AgentPhone } from "agentphone-wasm";

export const once = async (): Promise<string> => {
  using client = new AgentPhone({ apiKey: "sk_test" });
  const agent = await client.agents.create({ name: "Ada" });
  return agent.id;
};
