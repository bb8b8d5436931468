// `agentphone campaign …`: a list of people, each called or texted once.

import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { addCommon, addOutput, GROUPS } from "./shared-options.js";
import type { Run, Work } from "./types.js";

const load = () => import("../tasks/campaign.js");
const control = () => import("../tasks/campaign-control.js");

const option = (flags: string, text: string): Option => new Option(flags, text).helpGroup(GROUPS.task);
const input = (flags: string, text: string): Option => new Option(flags, text).helpGroup(GROUPS.input);

const number =
  (least: number, most: number) =>
  (text: string): number => {
    if (!/^\d+(\.\d+)?$/.test(text) || Number(text) < least || Number(text) > most)
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
    return Number(text);
  };

const whole =
  (most: number) =>
  (text: string): number => {
    if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > most)
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${most}.`);
    return Number(text);
  };

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

const STORE = option(
  "--store <address>",
  "postgres://…, redis://… or the path of a SQLite file (default: a file in the state folder of the command line)",
);
const YES = new Option("-y, --yes", "do not ask for confirmation; required without a terminal").helpGroup(
  GROUPS.safety,
);

const WORK = [
  option("--beside <number>", "people that this worker handles at a time (default: 20)").argParser(whole(1_000)),
  option(
    "--policy <file>",
    "rules as JSON: caps, budget, gaps, opt-outs, disclosure (docs/safety.md; default: AGENTPHONE_POLICY, if it is set)",
  ),
];

/** Adds the options of commands that use only the store. */
const addLocal = (command: Command): Command =>
  addOutput(command).addOption(
    new Option("--sandbox", "the campaigns of the local AgentPhone").helpGroup(GROUPS.common),
  );

/** Adds a command for one campaign. */
const one = (
  parent: Command,
  run: Run,
  name: string,
  text: string,
  { options = [], api = false }: { readonly options?: readonly Option[]; readonly api?: boolean },
  work: (id: string) => Promise<Work>,
): Command => {
  const command = parent.command(name).description(text).addArgument(new Argument("<id>", "id of the campaign"));
  for (const each of [...options, STORE]) command.addOption(each);
  if (api) addCommon(command);
  else addLocal(command);
  command.action((id: string) => run(command, async (context, given) => (await work(id))(context, given)));
  return command;
};

const addPlan = (campaign: Command, run: Run): void => {
  const command = campaign
    .command("plan")
    .description("Reads the people and prints the plan with its price. Sends nothing.")
    .addArgument(new Argument("<file>", "people as CSV or JSON lines; - is standard input"));
  for (const each of [
    option("--id <id>", "id of the new campaign").makeOptionMandatory(),
    input("--kind <kind>", "call or text (default: call)").choices(["call", "text"]),
    input("--agent-id <id>", "the agent that calls or texts").makeOptionMandatory(),
    input("--initial-greeting <text>", "first words of the call; {{name}} inserts the column of that name"),
    input("--system-prompt <text>", "prompt of the API's own model; may contain {{name}}"),
    input("--voice <id>", "voice for the calls"),
    input("--body <text>", "the message; may contain {{name}}"),
    input("--media-url <url>", "attachment of the message; may be repeated").argParser(collect),
    input(
      "--from-number-id <id>",
      "number to call from; may be repeated (default: all numbers of the agent)",
    ).argParser(collect),
    input("--format <format>", "csv or jsonl (default: by the file extension)").choices(["csv", "jsonl"]),
    input("--column <name>", "column of the phone number (default: phone, number, to, mobile …)"),
    input("--country <code>", "country of local numbers (default: US)"),
    input("--opt-outs <file>", "file of numbers that must not be contacted, one per line"),
    option("--look-up", "texts: look up which numbers are landlines; one request per 25 people"),
    option("--skip-invalid [file]", "leave invalid lines out of the plan and write them to a file"),
    option("--per-minute <number>", "requests per minute, across all workers (default: 90)").argParser(
      number(0.1, 1_000_000),
    ),
    option("--per-number <number>", "concurrent calls per number (default: 1)").argParser(whole(10_000)),
    option("--longest-call <seconds>", "maximum length of a call (default: 900)").argParser(number(10, 14_400)),
    option(
      "--quiet-hours <hours>",
      "hours without calls or texts, in the person's time zone, or none (default: 21:00-08:00)",
    ),
    option("--zone <zone>", "time zone of people without a timezone column (default: that of this machine)"),
    STORE,
  ])
    command.addOption(each);
  addCommon(command);
  command.addHelpText(
    "after",
    "\nExample:\n  $ agentphone campaign plan people.csv --id spring --agent-id AGENT_ID --initial-greeting 'Hello {{name}}!'",
  );
  command.action((file: string) =>
    run(command, async (context, given) => (await import("../tasks/campaign-plan.js")).plan(context, file, given)),
  );
};

export const addCampaign = (program: Command, run: Run): void => {
  const campaign = program.command("campaign").description("Calls or texts each person of a list once.");
  addPlan(campaign, run);
  one(
    campaign,
    run,
    "start",
    "Shows the plan, asks for confirmation, and calls or texts everybody. Run it again to help, or to continue after a crash.",
    { options: [YES, ...WORK], api: true },
    async (id) => async (context, given) => (await load()).start(context, id, given),
  );
  one(
    campaign,
    run,
    "resume",
    "Continues a paused campaign, or begins the round that `retry` has planned.",
    { options: [YES, ...WORK], api: true },
    async (id) => async (context, given) => (await load()).resume(context, id, given),
  );
  one(
    campaign,
    run,
    "worker",
    "Helps with a running campaign, on this machine or any other with the same --store. Also follows the calls that are still in progress after a pause or stop, and takes over what was decided about people in doubt.",
    { options: [...WORK, option("--wait", "wait until the campaign starts, and for further rounds")], api: true },
    async (id) => async (context, given) => (await load()).worker(context, id, given),
  );
  one(
    campaign,
    run,
    "pause",
    "Pauses a campaign: makes no further calls for now. Calls in progress are not cut off.",
    {},
    async (id) => async (context, given) => (await control()).pause(context, id, given),
  );
  one(
    campaign,
    run,
    "stop",
    "Ends a campaign: people still waiting are not called. Calls in progress are not cut off.",
    { options: [YES] },
    async (id) => async (context, given) => (await control()).stop(context, id, given),
  );
  one(
    campaign,
    run,
    "retry",
    "Plans another round: people with these results may be called once more, by the next `start` or `resume`.",
    {
      options: [
        option(
          "--only <results>",
          "busy, no-answer, voicemail, failed; separate several with commas",
        ).makeOptionMandatory(),
        YES,
      ],
    },
    async (id) => async (context, given) => (await control()).retry(context, id, given),
  );
  one(
    campaign,
    run,
    "report",
    "Writes a report with the result of each person.",
    {
      options: [
        option(
          "--format <format>",
          "csv, or html with charts (default: by the extension of --out, otherwise csv)",
        ).choices(["csv", "html"]),
        option("--out <file>", "output file; - is standard output (default)"),
      ],
    },
    async (id) => async (context, given) => (await control()).report(context, id, given),
  );
  const status = campaign
    .command("status")
    .description("Shows the progress of a campaign, or of all campaigns without an id.")
    .addArgument(new Argument("[id]", "id of the campaign"))
    .addOption(option("--watch", "keep watching until the campaign ends"))
    .addOption(STORE);
  addLocal(status);
  status.action((id: string | undefined) =>
    run(status, async (context, given) => (await control()).status(context, id, given)),
  );
};
