// The commands of the API's operations: `agentphone <resource> <verb> [ids] [--field value]`, made from what
// `scripts/operations.mjs` found. Only the commands of the requested resource are created.

import { Argument, Command, Option } from "commander";
import type { Typed } from "../input.js";
import { type Field, needsConsent, type Operation, type Resource } from "../operation.js";
import { isLimited } from "../policy/actions.js";
import { runOperation } from "../run.js";
import { addCommon, addInput, addSafety, GROUPS } from "./shared-options.js";
import type { Run } from "./types.js";

const PLACE: Record<Field["kind"], string> = {
  text: " <text>",
  number: " <number>",
  flag: "",
  texts: " <text>",
  values: " <json>",
  map: " <name=value>",
};

/** Maximum characters of a field's description; the doc comments of the types may be longer. */
const BRIEF = 160;

/** The first sentence, and those after it that fit. */
const brief = (text: string): string => {
  let short = "";
  for (const sentence of text.split(/(?<=[.;]) /)) {
    if (short !== "" && short.length + sentence.length > BRIEF) break;
    short += `${short && " "}${sentence}`;
  }
  return short.replace(/;$/, ".");
};

/** The help text of a field. */
const described = ({ text, values, known, bounds, required, kind, default: standard }: Field): string => {
  const [least, most] = bounds ?? [];
  const notes = [
    ...(required ? ["required"] : []),
    ...(values
      ? [values.length > 12 ? `${values.slice(0, 8).join(", ")} and ${values.length - 8} more` : values.join(", ")]
      : []),
    ...(known ? [known.join(", ")] : []),
    ...(bounds
      ? [least === null ? `at most ${most}` : most === null ? `at least ${least}` : `${least} to ${most}`]
      : []),
    ...(kind === "texts" || kind === "values" || kind === "map" ? ["may be repeated"] : []),
    ...(standard !== undefined && !/default/i.test(text) ? [`default: ${JSON.stringify(standard)}`] : []),
  ];
  const prose = brief(text.replaceAll("`", ""));
  return notes.length === 0 ? prose : `${prose}${prose ? " " : ""}(${notes.join("; ")})`;
};

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

const addField = (command: Command, field: Field): void => {
  const option = new Option(`--${field.flag}${PLACE[field.kind]}`, described(field)).helpGroup(GROUPS.input);
  if (field.kind === "texts" || field.kind === "values" || field.kind === "map") option.argParser(collect);
  option.attributeName = () => `field ${field.name}`;
  command.addOption(option);
  if (field.kind === "flag") {
    const no = new Option(`--no-${field.flag}`, `not ${field.flag}`).helpGroup(GROUPS.input).hideHelp();
    no.attributeName = option.attributeName;
    command.addOption(no);
  }
};

/** An example command that works once its ids are replaced by real ones. */
export const exampleOf = (operation: Operation): string => {
  const { ids, fields, exactlyOne = [], exampleNeeds = [], words, accepts } = operation;
  const first = exactlyOne.map(([name]) => name);
  const wanted = fields.filter(({ name, required }) => required || first.includes(name) || exampleNeeds.includes(name));
  const shown = wanted.length === 0 && accepts === "body" ? fields.slice(0, 1) : wanted;
  const options = shown.flatMap(({ flag, example, kind, least = 1 }) =>
    Array<string>(least).fill(kind === "flag" ? `--${flag}` : `--${flag} ${example}`),
  );
  return ["agentphone", ...words, ...ids.map((id) => id.replaceAll("-", "_").toUpperCase()), ...options].join(" ");
};

const footer = (operation: Operation): string => {
  const { details, price, effect } = operation;
  return [
    "",
    ...details.map(
      (text) => `${price && text.includes(price.slice(0, 20)) ? "Price: " : ""}${text.replaceAll("`", "")}`,
    ),
    ...(effect
      ? [
          "If the response is lost, the command exits with 4 (outcome unknown). Run it again with the same --key; it never takes effect twice.",
        ]
      : []),
    "",
    "Example:",
    `  $ ${exampleOf(operation)}`,
  ].join("\n");
};

const addOperation = (parent: Command, operation: Operation, run: Run): void => {
  const command = parent.command(operation.words.at(-1) ?? "").summary(operation.summary.replace(/\. .*$/s, "."));
  command.description(operation.summary.replaceAll("`", ""));
  for (const id of operation.ids) command.addArgument(new Argument(`<${id}>`, "id"));
  const takesInput = operation.accepts !== "nothing";
  if (takesInput) command.addArgument(new Argument("[@file]", "the input as a JSON file; @- is standard input"));
  for (const field of operation.fields) addField(command, field);
  if (takesInput) addInput(command);
  addSafety(command, {
    consent: needsConsent(operation),
    effect: operation.effect,
    limited: isLimited(operation),
  });
  addCommon(command);
  if (operation.pages !== "none" && operation.pages !== "whole")
    command.addOption(new Option("-a, --all", "all pages, not only the first").helpGroup(GROUPS.common));
  if (operation.shape === "bytes" || operation.shape === "media")
    command.addOption(new Option("--out <file>", "output file; - is standard output").helpGroup(GROUPS.common));
  command.addHelpText("after", footer(operation));
  command.action((...given: unknown[]) => {
    const ids = given.slice(0, operation.ids.length) as string[];
    const file = takesInput ? (given[operation.ids.length] as string | undefined) : undefined;
    return run(command, (context, options) => {
      const fields = Object.fromEntries(operation.fields.map(({ name }) => [name, options[`field ${name}`]]));
      const typed: Typed = { json: context.settings.json, file, fields };
      return runOperation(context, operation, ids, typed);
    });
  });
};

/** The commands of a resource, its nested resources included. */
export const resourceCommand = (resource: Resource, run: Run): Command => {
  const top = new Command(resource.name).description(resource.summary);
  const groups = new Map<string, Command>([[resource.name, top]]);
  const groupOf = (words: readonly string[]): Command => {
    const name = words.join(" ");
    const known = groups.get(name);
    if (known !== undefined) return known;
    const made = groupOf(words.slice(0, -1)).command(words.at(-1) ?? "");
    made.description(`The ${words.slice(1).join(" ").replaceAll("-", " ")} of ${resource.name}.`);
    groups.set(name, made);
    return made;
  };
  for (const operation of resource.operations) addOperation(groupOf(operation.words.slice(0, -1)), operation, run);
  return top;
};
