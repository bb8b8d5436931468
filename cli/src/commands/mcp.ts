// The command `mcp` and its options.

import { type Command, Option } from "commander";
import { addCommon, GROUPS, port } from "./shared-options.js";
import type { Run } from "./types.js";

const FOOTER = `
MCP clients start the server themselves, for example with
  { "command": "npx", "args": ["-y", "agentphone-wasm-cli", "mcp"], "env": { "AGENTPHONE_API_KEY": "…" } }
With --sandbox it needs no key, rings no phone and costs nothing.

Over HTTP it listens on 127.0.0.1. Clients must send a token: AGENTPHONE_MCP_TOKEN, or a random one that the command prints.

Toolsets: calls, texts, contacts, numbers, agents, account.`;

export const addMcp = (program: Command, run: Run): void => {
  const command = program
    .command("mcp")
    .description("Serves the tools for language models to MCP clients. A repeated tool call never rings a phone twice.")
    .addHelpText("after", FOOTER);
  for (const option of [
    new Option("--http [port]", "use HTTP instead of standard input and output (default port: 4012)")
      .argParser(port)
      .preset("4012"),
    new Option("--toolsets <names>", "only these groups of tools, separated by commas"),
    new Option("--tools <names>", "individual tools, alone or in addition to the toolsets"),
    new Option("--read-only", "only tools that change nothing, regardless of other options"),
    new Option(
      "--approve <when>",
      "ask a person before spending money (spend), before every change (every), or never (default: spend; never with --sandbox)",
    ).choices(["never", "spend", "every"]),
    new Option(
      "--policy <file>",
      "limits as JSON: calls and texts per day, money, quiet hours, recipients (docs/safety.md; default: AGENTPHONE_POLICY, if it is set)",
    ),
    new Option("--agent <id>", "the agent that all tools act through, so that models do not choose one"),
    new Option("--country <code>", "country of numbers without a country code (default: US)"),
  ])
    command.addOption(option.helpGroup(GROUPS.safety));
  addCommon(command);
  command.action(() =>
    run(command, async (context, options) => {
      // `--http` without a port has its preset as a string.
      const http = options.http === undefined ? undefined : Number(options.http);
      return (await import("../tasks/mcp.js")).mcp(context, { ...options, ...(http !== undefined && { http }) });
    }),
  );
};
