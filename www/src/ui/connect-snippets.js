// @ts-check
// How to connect a program: what to install, and ten lines that place a call, in three languages. Tests run them.

/** @typedef {{ value: "typescript" | "python" | "curl", label: string, install: string, code: (address: string | undefined) => string }} Language */

/** @type {readonly Language[]} */
export const LANGUAGES = [
  {
    value: "typescript",
    label: "TypeScript",
    install: "npm install agentphone-wasm",
    code: (address) =>
      [
        `import { AgentPhone } from "agentphone-wasm";`,
        "",
        address === undefined
          ? "const client = new AgentPhone(); // the key is in AGENTPHONE_API_KEY"
          : `const client = new AgentPhone({ apiKey: "sk_test", baseUrl: "${address}" });`,
        `const agent = await client.agents.create({ name: "Support", voiceMode: "hosted", systemPrompt: "Be brief." });`,
        `await client.numbers.buy({ country: "US", agentId: agent.id });`,
        `const { id } = await client.calls.create({ agentId: agent.id, toNumber: "+14155550100" });`,
        "await client.calls.wait(id);",
        "const { transcript } = await client.calls.transcript.get(id);",
        "for (const { role, content } of transcript) console.log(role, content);",
      ].join("\n"),
  },
  {
    value: "python",
    label: "Python",
    install: "pip install agentphone",
    code: (address) =>
      [
        "from agentphone import AgentPhone",
        "",
        address === undefined
          ? "client = AgentPhone()  # the key is in AGENTPHONE_API_KEY"
          : `client = AgentPhone(api_key="sk_test", base_url="${address}")`,
        `agent = client.agents.create("Support", voice_mode="hosted", system_prompt="Be brief.")`,
        "client.numbers.buy(agent_id=agent.id)",
        `call = client.calls.make(agent.id, "+14155550100", system_prompt="Be brief.")`,
        "print(call.id, call.status)",
      ].join("\n"),
  },
  {
    value: "curl",
    label: "curl",
    install: "",
    code: (address) =>
      [
        address === undefined
          ? `API=https://api.agentphone.ai KEY="Authorization: Bearer $AGENTPHONE_API_KEY"`
          : `API=${address} KEY="Authorization: Bearer sk_test"`,
        `AGENT=$(curl -s "$API/v1/agents" -H "$KEY" --json '{"name":"Support"}' | grep -o '"id": *"[^"]*' | head -n 1 | cut -d '"' -f 4)`,
        `curl -s "$API/v1/numbers" -H "$KEY" --json '{"country":"US","agentId":"'"$AGENT"'"}'`,
        `curl -s "$API/v1/calls" -H "$KEY" --json '{"agentId":"'"$AGENT"'","toNumber":"+14155550100"}'`,
      ].join("\n"),
  },
];

/** Environment variables that connect a program without changes. @param {string} address */
export const environmentOf = (address) => `AGENTPHONE_API_KEY=sk_test AGENTPHONE_BASE_URL=${address}`;
