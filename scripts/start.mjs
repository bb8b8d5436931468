// `npm start`: installs and builds what is missing, serves the console on one address, prints it, and stops on
// Ctrl-C. By default with a sandbox; with `--live` using the account of AGENTPHONE_API_KEY.

import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildConsole, buildPackage } from "./build.mjs";
import { buildCli } from "./build-cli.mjs";
import { prepare, root } from "./tools.mjs";

const USAGE = `npm start [-- options]

  --port <n>    port to listen on (default 4010)
  --demo        start the sandbox with two weeks of calls and texts; more keep coming in
  --speed <n>   run the sandbox's clock this many times as fast (default 1)
  --strict      apply the API's rules for new accounts: one active call per number, no SMS before a 10DLC registration
  --live        use your real account (AGENTPHONE_API_KEY) instead of the sandbox: calls ring phones and cost money.
                Prints an address that is valid for this run; open it in Chrome, Edge or Firefox
  --quiet       do not log requests
`;

/** Prints a message and exits. @param {string} text @param {number} status @returns {never} */
const give = (text, status) => {
  (status === 0 ? process.stdout : process.stderr).write(text);
  process.exit(status);
};

const options = /** @type {const} */ ({
  port: { type: "string", default: "4010" },
  speed: { type: "string", default: "1" },
  demo: { type: "boolean", default: false },
  strict: { type: "boolean", default: false },
  live: { type: "boolean", default: false },
  quiet: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
});
const read = () => {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return give(`${error instanceof Error ? error.message : error}\n\n${USAGE}`, 2);
  }
};
const values = read();
if (values.help) give(USAGE, 0);
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535)
  give(`--port must be a number from 0 to 65535, not ${values.port}\n`, 2);
const speed = Number(values.speed);
if (!(speed > 0)) give(`--speed must be a number over 0, not ${values.speed}\n`, 2);
const apiKey = process.env.AGENTPHONE_API_KEY ?? "";
if (values.live && apiKey === "") give("--live needs your key: AGENTPHONE_API_KEY=sk_live_… npm start -- --live\n", 2);
if (values.live && (values.demo || values.strict || speed !== 1))
  give("--demo, --strict and --speed are for the sandbox, not for a real account\n", 2);
if (values.strict && values.demo)
  give("--strict and --demo cannot be combined: the past of the demo breaks the rules of strict\n", 2);

prepare();
await buildPackage();
buildConsole();
await buildCli();

const staticDir = join(root, "www", "dist");

const sandbox = async () => {
  const { serveSandbox } = await import("../sandbox/node/server.mjs");
  const { quiet, demo, strict } = values;
  const server = await serveSandbox({ port, staticDir, quiet, demo, strict, speed, limits: false });
  return {
    close: () => server.close(),
    text: `A local AgentPhone is running: nothing here rings a phone or costs money.\n\n  open      ${server.url}/\n  API       ${server.url}/v1 (any key that begins with sk_)\n  terminal  AGENTPHONE_API_KEY=sk_test AGENTPHONE_BASE_URL=${server.url} npx agentphone calls list\n`,
  };
};

const live = async () => {
  const { serveLive } = await import("../www/server/live.mjs");
  const { AgentPhone } = await import("agentphone-wasm");
  const baseUrl = process.env.AGENTPHONE_BASE_URL ?? "https://api.agentphone.ai";
  try {
    // The client reports what is wrong with a key or URL without revealing either.
    new AgentPhone({ apiKey, baseUrl }).dispose();
  } catch (error) {
    give(`${error instanceof Error ? error.message : error}\n`, 2);
  }
  const { accountLedger } = await import(new URL("../cli/dist/ledger/account-ledger.js", import.meta.url).href);
  const { openCampaigns } = await import(new URL("../cli/dist/tasks/serve-campaigns.js", import.meta.url).href);
  const campaigns = await openCampaigns({}, false);
  const server = await serveLive({ apiKey, baseUrl, staticDir, port, mount: campaigns.mount, ledger: accountLedger() });
  return {
    close: async () => {
      await server.close();
      await campaigns.close();
    },
    text: [
      "This is your REAL account: calls ring phones and cost money. The console asks for confirmation each time.",
      `\n  open      ${server.address}\n`,
      "Open it in Chrome, Edge or Firefox (Safari cannot resolve this host name). Open it again after a reload or in a new tab.",
      "Anyone with the address can use your account until you stop this command. Your API key stays in this process.\n",
    ].join("\n"),
  };
};

try {
  const server = await (values.live ? live() : sandbox());
  process.stdout.write(`\n${server.text}\nCtrl-C stops it.\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.close());
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
  give(`Port ${port} is in use: choose another with \`npm start -- --port 4020\`.\n`, 1);
}
