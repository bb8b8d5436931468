// @ts-check
// The tools for contacts.

import { AgentPhoneError } from "../errors/error.js";
import { listOf, pick, text, whole } from "./define.js";

/** @typedef {import("./define.js").Definition} Definition */

const contactFields = () => ({
  contact_id: text("Id of the contact."),
  name: text("Name of the person."),
  phone_number: text("Their number, E.164."),
  email: text("Their email address."),
  notes: text("Notes about them."),
});

/** @param {any} contact */
const contactOf = (contact) =>
  pick(contact, { id: "contact_id", name: "name", phoneNumber: "phone_number", email: "email", notes: "notes" });

/** A contact by its number. @param {any} client @param {string} phoneNumber @param {any} options */
const byNumber = async (client, phoneNumber, options) => {
  const { data } = await client.contacts.list({ search: phoneNumber, limit: 50 }, options);
  return data.find((/** @type {any} */ contact) => contact.phoneNumber === phoneNumber);
};

/** @returns {Definition[]} */
export const people = () => [
  {
    name: "look_up_contact",
    title: "Look up a contact",
    description:
      "Finds people in the contacts by part of their name or number. Use it to get the number of a person you know by name.",
    kind: "read",
    input: { search: text("Part of a name or number.", 200), limit: whole("How many. Default: 10.", 1, 50) },
    required: ["search"],
    result: { contacts: listOf("Who was found.", contactFields()) },
    run: async ({ client, input, options }) => {
      const { search, limit = 10 } = input;
      const { data } = await client.contacts.list({ search, limit }, options);
      const found = data.slice(0, limit).map(contactOf);
      return { result: { contacts: found }, message: `${found.length} contacts.` };
    },
  },
  {
    name: "save_contact",
    title: "Save a contact",
    description:
      "Saves a person in the contacts, or updates the saved contact: a number has one contact. Saving it twice changes nothing.",
    kind: "change",
    input: {
      phone_number: text("Their number with country code, e.g. +14155550100.", 50),
      name: text("Name of the person.", 200),
      email: text("Their email address.", 254),
      notes: text("Notes about them.", 5000),
    },
    required: ["phone_number", "name"],
    people: { phone_number: "phone" },
    result: contactFields(),
    run: async ({ client, input, options }) => {
      const { phone_number: phoneNumber, ...rest } = input;
      try {
        const made = await client.contacts.create({ phoneNumber, ...rest }, options);
        return { result: contactOf(made), message: "The contact is saved." };
      } catch (error) {
        if (!AgentPhoneError.is(error) || /** @type {any} */ (error).code !== "CONFLICT") throw error;
        const found = await byNumber(client, phoneNumber, options);
        if (!found) throw error;
        return {
          result: contactOf(await client.contacts.update(found.id, rest, options)),
          message: "The contact is updated.",
        };
      }
    },
  },
];
