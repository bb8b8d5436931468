// @ts-check
// The tools for phone numbers, and for the account's usage.

import { flag, id, listOf, oneOf, pick, repeating, text, whole } from "./define.js";

/** @typedef {import("./define.js").Definition} Definition */

const numberFields = () => ({
  number_id: text("Id of the number, if the account has it."),
  phone_number: text("The number, E.164."),
  country: text("Two-letter code."),
  city: text("City, of a number on sale."),
  state: text("State or province, of a number on sale."),
  agent_id: text("The agent that it is attached to."),
  type: text("sms or imessage."),
  texting: text("Whether it may send texts: enabled, activating or registration_required."),
});

/** @param {any} number */
const numberOf = (number) =>
  pick(number, {
    id: "number_id",
    phoneNumber: "phone_number",
    country: "country",
    city: "city",
    state: "state",
    agentId: "agent_id",
    type: "type",
    outboundSms: "texting",
  });

const areaCodeField = () => ({ ...text("Three digits, e.g. 415.", 3), pattern: "^[2-9]\\d{2}$" });
const countryField = () => oneOf("Where the number belongs. Default: US.", ["US", "CA"]);

/** @returns {Definition[]} */
export const numbers = () => [
  {
    name: "find_number",
    title: "Find phone numbers",
    description: "Lists phone numbers on sale, or with owned: true those that the account already has. Costs nothing.",
    kind: "read",
    input: {
      owned: flag("True for the numbers of the account. Default: false, those on sale."),
      country: countryField(),
      area_code: areaCodeField(),
      city: text("City, of numbers on sale.", 100),
      state: text("State or province, of numbers on sale.", 100),
      limit: whole("How many. Default: 10.", 1, 50),
    },
    result: { numbers: listOf("The numbers.", numberFields()) },
    run: async ({ client, input, options }) => {
      const { owned, limit = 10, area_code: areaCode, ...where } = input;
      const { data } = owned
        ? await client.numbers.list({ limit }, options)
        : await client.numbers.available({ ...where, ...(areaCode && { areaCode }), limit }, options);
      const found = data.slice(0, limit).map(numberOf);
      return {
        result: { numbers: found },
        message: `${found.length} numbers.`,
        next: owned ? undefined : "buy_number",
      };
    },
  },
  {
    name: "buy_number",
    title: "Buy a phone number",
    description:
      "Buys a phone number: $3.00 at once and each month until it is released. Buys the first on sale that fits. " +
      "The same purchase within the window is not made again: you get the number that was bought.",
    kind: "effect",
    spends: "number",
    unknown: "find_number",
    input: {
      agent_id: id("The agent to attach it to."),
      country: countryField(),
      area_code: areaCodeField(),
      type: oneOf("Kind of line. Default: sms.", ["sms", "imessage"]),
      ...repeating(),
    },
    result: { ...numberFields(), placed_seconds_ago: { type: "integer", description: "How long ago it was bought." } },
    run: async ({ client, input, options }) => {
      const { agent_id: agentId, country, area_code: areaCode, type } = input;
      const wanted = Object.fromEntries(
        Object.entries({ agentId, country, areaCode, type }).filter(([, value]) => value !== undefined),
      );
      const { data, replayed } = await client.numbers.buy(wanted, options).withResponse();
      return { result: numberOf(data), message: "The number is yours.", replayed };
    },
  },
];

/** @returns {Definition[]} */
export const account = () => [
  {
    name: "usage",
    title: "Usage of the account",
    description: "How many numbers, texts and calls the account has and has used. Costs nothing.",
    kind: "read",
    input: {},
    result: {
      numbers: { type: "object", description: "used, limit, remaining" },
      stats: { type: "object", description: "Counts of calls and texts in the last hours and days." },
      period_start: text("Beginning of the period, ISO 8601."),
      period_end: text("End of the period, ISO 8601."),
    },
    run: async ({ client, options }) => {
      const found = await client.usage.get(options);
      const names = { numbers: "numbers", stats: "stats", periodStart: "period_start", periodEnd: "period_end" };
      return { result: pick(found, names), message: "The totals of the account." };
    },
  },
];
