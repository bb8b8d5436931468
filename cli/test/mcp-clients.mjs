// The official MCP client on `agentphone mcp`, as both protocols have it: of 2025 and of 2026.

import { after } from "node:test";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { command, environment, start } from "./harness.mjs";

/** @import { Foreign } from "../../tests/support/foreign.js" */

export const ERAS = /** @type {const} */ (["legacy", "auto"]);
export const TOKEN = "a-token-of-the-tests-0123456789";

/** @type {Client[]} */
const open = [];
after(async () => {
  for (const client of open) await client.close();
});

/** What a person says to a question: yes, no, or nothing, because the client cannot ask. @typedef {"accept" | "decline" | undefined} Answer */

/** A client, and the questions that its user was asked. @param {"legacy" | "auto"} era @param {Answer} answer */
const clientOf = (era, answer) => {
  const client = new Client(
    { name: "tests", version: "1.0.0" },
    { versionNegotiation: { mode: era }, capabilities: answer ? { elicitation: {} } : {} },
  );
  /** @type {string[]} */
  const questions = [];
  if (answer)
    client.setRequestHandler("elicitation/create", ({ params }) => {
      questions.push(params.message);
      return answer === "accept" ? { action: "accept", content: { approved: true } } : { action: "decline" };
    });
  open.push(client);
  return { client, questions };
};

/** A client that starts the server by itself. @param {"legacy" | "auto"} era @param {string[]} args @param {Record<string, string | undefined>} env @param {Answer} [answer] */
export const overStdio = async (era, args, env, answer) => {
  const { client, questions } = clientOf(era, answer);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [command, "mcp", ...args],
    env: /** @type {Record<string, string>} */ (environment(env)),
    stderr: "ignore",
  });
  await client.connect(transport);
  return { client, questions, pid: /** @type {number} */ (transport.pid) };
};

/** A server over HTTP; `connect` makes a client of it. @param {string[]} args @param {Record<string, string | undefined>} env */
export const overHttp = async (args, env) => {
  const server = start(["mcp", "--http", "0", ...args], { env: { AGENTPHONE_MCP_TOKEN: TOKEN, ...env } });
  const [, address = ""] = await server.seen(/"url":"([^"]+)"/);
  return {
    ...server,
    address,
    connect: async (/** @type {"legacy" | "auto"} */ era, /** @type {Answer} */ answer = undefined) => {
      const { client, questions } = clientOf(era, answer);
      const requestInit = { headers: { authorization: `Bearer ${TOKEN}` } };
      await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit }));
      return { client, questions };
    },
  };
};

/** The structured result of a tool. @param {Client} client @param {string} name @param {Record<string, unknown>} args @returns {Promise<Foreign>} */
export const use = async (client, name, args) => {
  const { structuredContent, isError } = await client.callTool({ name, arguments: args });
  if (isError) throw new Error(`${name} ended with an error, which makes models call again`);
  return structuredContent;
};
