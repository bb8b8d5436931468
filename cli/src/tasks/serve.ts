// `agentphone sandbox` and `agentphone console`: a local AgentPhone, or the real account behind a proxy, with the console in
// front of it. This package contains the console, so nothing has to be built.

import { once } from "node:events";
import { fileURLToPath } from "node:url";
import colors from "picocolors";
import { serveLive } from "../../../www/server/live.mjs";
import { apiKey } from "../api-key.js";
import { baseUrl } from "../connection.js";
import { CommandError, EXIT, usage } from "../failure.js";
import { accountLedger } from "../ledger/account-ledger.js";
import { announce, isKept, running, setAside, stateFile } from "../sandbox/home.js";
import type { Context } from "../settings.js";
import { openCampaigns, type ServedCampaigns } from "./serve-campaigns.js";

const staticDir = (): string => fileURLToPath(new URL("./console", import.meta.url));

interface Served {
  readonly address: string;
  close(): Promise<void>;
}

/** Options of both commands. */
interface Options {
  readonly port?: number;
  readonly open?: boolean;
  readonly demo?: boolean;
  readonly fresh?: boolean;
  readonly strict?: boolean;
  readonly speed?: number;
}

const PORT = 4010;

const listening = async <T>(port: number, start: () => Promise<T>): Promise<T> => {
  try {
    return await start();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new CommandError("PORT_IN_USE", `port ${port} is in use`, {
      exit: EXIT.refused,
      hint: "choose another with --port",
    });
  }
};

/** Starts a server that also serves the campaigns. If it cannot start, their store is closed again. */
const started = async <T>(
  options: Readonly<Record<string, unknown>>,
  isSandbox: boolean,
  port: number,
  start: (mount: ServedCampaigns["mount"]) => Promise<T>,
): Promise<{ server: T; campaigns: ServedCampaigns }> => {
  const campaigns = await openCampaigns(options, isSandbox);
  try {
    return { server: await listening(port, () => start(campaigns.mount)), campaigns };
  } catch (error) {
    await campaigns.close();
    throw error;
  }
};

/** Prints the address, opens it if requested, and waits until the command is stopped. */
const untilEnd = async (
  { printer, signal }: Context,
  served: Served,
  open: boolean | undefined,
  text: string,
): Promise<number> => {
  try {
    if (printer.forPrograms) await printer.value({ address: served.address });
    else await printer.write(`${text}\n\n  ${colors.bold(served.address)}\n\nCtrl-C stops it.\n`);
    if (open) {
      const { default: openPage } = await import("open");
      const page = await openPage(served.address);
      page.on("error", () =>
        printer.note("Could not open a browser; open the address yourself.", { note: "no-browser" }),
      );
    }
    if (!signal.aborted) await once(signal, "abort");
  } finally {
    await served.close();
  }
  return EXIT.done;
};

/** The local AgentPhone that all commands with `--sandbox` share. */
export const sandbox = async (context: Context, options: Readonly<Record<string, unknown>>): Promise<number> => {
  const { port = PORT, open, demo = false, fresh, strict = false, speed } = options as Options;
  if (strict && demo)
    throw usage("--strict and --demo cannot be combined: the strict rules do not allow the demo activity");
  const other = await running();
  if (other !== undefined)
    throw new CommandError("SANDBOX_RUNNING", `a local AgentPhone is already running at ${other}/`, {
      exit: EXIT.refused,
      hint: "use that one, or stop it with Ctrl-C where it runs",
    });
  const { serveSandbox } = await import("agentphone-wasm/sandbox");
  const previous = fresh ? setAside() : undefined;
  const isNew = !isKept();
  const { server, campaigns } = await started(options, true, port, (mount) =>
    serveSandbox({
      mount,
      port,
      staticDir: staticDir(),
      stateFile: stateFile(),
      limits: false,
      demo,
      strict,
      ...(speed !== undefined && { speed }),
    }),
  ).catch((error: unknown) => {
    previous?.restore();
    throw error;
  });
  previous?.discard();
  const withdraw = announce(server.url);
  const text = [
    "A local AgentPhone: nothing here rings a phone or costs money.",
    isNew
      ? demo
        ? "It starts with two weeks of calls and texts, and keeps adding new ones."
        : "It is empty; --demo starts with two weeks of calls and texts."
      : "It has the state of the previous run; --fresh starts with an empty one.",
    "Commands with --sandbox use it. Its API accepts any key that starts with sk_.",
  ].join("\n");
  const close = async () => {
    withdraw();
    await server.close();
    await campaigns.close();
  };
  return untilEnd(context, { address: `${server.url}/`, close }, open, text);
};

/** The console on the real account, or with `--sandbox` on the local AgentPhone. */
export const serveConsole = async (context: Context, options: Readonly<Record<string, unknown>>): Promise<number> => {
  if (context.settings.sandbox) return sandbox(context, options);
  const { port = PORT, open, demo } = options as Options;
  if (demo) throw usage("--demo is for the sandbox, not for a real account", "agentphone console --sandbox --demo");
  const key = apiKey();
  const { AgentPhone } = await import("agentphone-wasm");
  // The client checks the key and the address, and its errors show neither.
  new AgentPhone({ apiKey: key, baseUrl: baseUrl() }).dispose();
  const { server, campaigns } = await started(options, false, port, (mount) =>
    serveLive({ apiKey: key, baseUrl: baseUrl(), staticDir: staticDir(), port, mount, ledger: accountLedger() }),
  );
  const text = [
    "This is your REAL account: calls ring phones and cost money. The console asks for confirmation each time.",
    "Open it in Chrome, Edge or Firefox (Safari cannot resolve this host name). Open it again after a reload or in a new tab.",
    "Anyone with the address can use your account until you stop this command. Your API key stays in this process.",
  ].join("\n");
  const close = async () => {
    await server.close();
    await campaigns.close();
  };
  return untilEnd(context, { address: server.address, close }, open, text);
};
