// The commands that are not operations of the API. The code of each is loaded when it runs.

import { Argument, Command, Option } from "commander";
import { CALL_RESULTS } from "../campaign/types.js";
import { addCampaign } from "./campaign.js";
import { addMcp } from "./mcp.js";
import { addCommon, addOutput, days, factor, GROUPS, interval, port, seconds } from "./shared-options.js";
import type { Run, Work } from "./types.js";

/** Loads the work of a task. */
type Load = () => Promise<Work>;

const option = (flags: string, text: string): Option => new Option(flags, text).helpGroup(GROUPS.task);

/** A command without ids: its options, and what it does. */
const task = (
  parent: Command,
  run: Run,
  name: string,
  text: string,
  options: readonly Option[],
  load: Load,
): Command => {
  const command = parent.command(name).description(text);
  for (const each of options) command.addOption(each);
  command.action(() => run(command, async (context, given) => (await load())(context, given)));
  return command;
};

/** Where the keys of campaigns are. */
const LEDGER = option(
  "--store <address>",
  "the campaigns of this store only: postgres://…, redis://… or the path of a SQLite file (default: commands and campaigns of the state folder)",
);

const addEffects = (program: Command, run: Run): void => {
  const effects = program
    .command("effects")
    .description("Lists and settles calls, texts and purchases whose outcome is unknown.");
  const load = () => import("../tasks/effects.js");
  const add = (name: string, text: string, options: readonly Option[], work: Load): void =>
    void addCommon(task(effects, run, name, text, [...options, LEDGER], work));
  add("pending", "Lists everything that is in doubt or in progress.", [], async () => (await load()).pending);
  add(
    "settle",
    "Checks all of them once. Exits with 4 if an outcome is still unknown.",
    [],
    async () => (await load()).settle,
  );
  add(
    "prune",
    "Forgets keys whose outcome has long been known. A run with a forgotten key sends again. Those of campaigns only with --store.",
    [option("--days <days>", "forget what is older than this many days (default: 90)").argParser(days)],
    async () => (await load()).prune,
  );
  const show = effects.command("show <key>").description("Shows what is known about one idempotency key.");
  addCommon(show.addOption(LEDGER));
  show.action((key: string) => run(show, async (context, given) => (await load()).show(context, key, given)));
  const resolve = effects
    .command("resolve <key>")
    .description(
      "Records the outcome that you have found out, in the console or from AgentPhone. A campaign that is over takes it over at once.",
    )
    .addOption(option("--happened <id>", "it happened: the id of the call, text or number"))
    .addOption(
      option("--nothing", "nothing happened: the key becomes free, and the next run with it sends the request"),
    )
    .addOption(
      option(
        "--result <result>",
        "for a call of a campaign that the API accepted and never listed (not-shown): it happened, and ended like this. With --nothing it counts as failed, and `campaign retry` may call once more",
      ).choices([...CALL_RESULTS]),
    )
    .addOption(LEDGER);
  addCommon(resolve);
  resolve.action((key: string) => run(resolve, async (context, given) => (await load()).resolve(context, key, given)));
};

const addServers = (program: Command, run: Run): void => {
  const load = () => import("../tasks/serve.js");
  const shared = [
    option("--port <port>", "port to listen on, on this machine only (default: 4010)").argParser(port),
    option("--open", "open the console in a browser"),
    option("--demo", "start with two weeks of calls and texts, and keep adding new ones"),
    option(
      "--store <address>",
      "campaigns to show: postgres://…, redis://… or the path of a SQLite file (default: those of the command line)",
    ),
  ];
  const sandbox = [
    ...shared,
    option("--fresh", "discard the previous state"),
    option("--strict", "apply the API's rules for new accounts"),
    option("--speed <factor>", "run its clock this many times as fast").argParser(factor),
  ];
  addOutput(
    task(
      program,
      run,
      "sandbox",
      "Runs a local AgentPhone with its console; commands with --sandbox use it.",
      sandbox,
      async () => (await load()).sandbox,
    ),
  );
  addCommon(
    task(
      program,
      run,
      "console",
      "Opens the console for your account, or with --sandbox for the local AgentPhone.",
      shared,
      async () => (await load()).serveConsole,
    ),
  );
};

const addWaitFor = (program: Command, run: Run): void => {
  const command = program
    .command("wait-for")
    .description(
      "Waits for an incoming text or call, or for the end of a call, and prints it. It polls the API, so it needs no public address.",
    )
    .addArgument(new Argument("<event>", "what to wait for").choices(["message", "call", "call-ended"]));
  for (const each of [
    option("--from <number>", "only from this sender"),
    option("--to <number>", "only to this one of your numbers"),
    option("--match <regex>", "only a text that matches; the first capture group is printed as `match`"),
    option("--call <id>", "the end of this call (with call-ended)"),
    option(
      "--since <seconds>",
      "also accept what arrived up to this long ago (default: only what arrives from now on)",
    ).argParser(seconds),
    option("--timeout <seconds>", "how long to wait before it exits with 1 (default: 300)").argParser(seconds),
    option("--every <seconds>", "interval between two requests (default: 2)").argParser(interval),
  ])
    command.addOption(each);
  addCommon(command);
  command.addHelpText(
    "after",
    "\nExample:\n  $ agentphone wait-for message --from +14155550100 --match '\\b(\\d{6})\\b' --timeout 60",
  );
  command.action((event: string) =>
    run(command, async (context, given) => (await import("../tasks/wait-for.js")).waitFor(context, event, given)),
  );
};

const addListen = (program: Command, run: Run): void => {
  const options = [
    option("--forward-to <url>", "address of your program, to which events are posted").makeOptionMandatory(),
    option("--agent <id>", "the agent whose events to forward (default with --sandbox: all events of the project)"),
    option("--tunnel <url>", "public address of your tunnel to --port (required for a real account)"),
    option("--port <port>", "port to listen on, on this machine only (default: any free port)").argParser(port),
    option("--replace-secret", "accept that the agent's own webhook gets a new secret, now and at the end"),
    new Option("-y, --yes", "do not ask for confirmation").helpGroup(GROUPS.safety),
  ];
  const load = async () => (await import("../tasks/listen.js")).listen;
  const command = task(
    program,
    run,
    "listen",
    "Forwards an agent's events to your program, and restores its webhook at the end.",
    options,
    load,
  );
  addCommon(command);
  command.addHelpText(
    "after",
    "\nDeliveries are verified. If AGENTPHONE_WEBHOOK_SECRET is set, they are signed again with it, so that your program can verify them as usual.\n\nExample:\n  $ agentphone listen --sandbox --forward-to http://localhost:3000/webhooks/agentphone",
  );
};

const addCompletion = (program: Command, run: Run): void => {
  const command = program
    .command("completion")
    .description("Prints a completion script for commands and options.")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]));
  command.action((shell: string) =>
    run(command, async ({ printer }) => {
      await printer.write((await import("../completion/scripts.js")).completionScript(shell));
      return 0;
    }),
  );
};

const addDoctor = (program: Command, run: Run): void => {
  const options = [option("--test-webhook", "also post a test event to the webhook of the project")];
  const text = "Finds problems with this machine, this key or this account.";
  addCommon(task(program, run, "doctor", text, options, async () => (await import("../tasks/doctor.js")).doctor));
};

/** Adds the tasks to the program. */
export const addTasks = (program: Command, run: Run): void => {
  addDoctor(program, run);
  addServers(program, run);
  addWaitFor(program, run);
  addListen(program, run);
  addEffects(program, run);
  addMcp(program, run);
  addCampaign(program, run);
  addCompletion(program, run);
};

/** Adds to the commands of a resource those that take several requests. */
export const addTasksOf = (name: string, command: Command, run: Run): Command => {
  if (name !== "calls") return command;
  const watch = new Command("watch")
    .argument("<call-id>")
    .description("Shows the transcript of a call live, until the call ends.");
  addCommon(watch);
  watch.action((callId: string) =>
    run(watch, async (context) => (await import("../tasks/watch.js")).watch(context, callId)),
  );
  return command.addCommand(watch);
};
