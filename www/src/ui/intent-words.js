// @ts-check
// What is said of things that may have happened: in the words of whoever places calls and buys numbers, and not in those
// of the API.

/**
 * @typedef {object} Words
 * @property {string} what As a heading, e.g. `Phone call`.
 * @property {string} noun As in `open the call`.
 * @property {string} done As in `it was placed`.
 * @property {string} twice What can happen if it is done again although it happened.
 * @property {string} list Where such things are.
 * @property {string} [one] Where one of them is: followed by its id.
 * @property {false} [asked] False where AgentPhone has nothing that could be asked what became of it.
 */

/** @type {Record<string, Words>} */
const WORDS = {
  "calls.create": {
    what: "Phone call",
    noun: "call",
    done: "placed",
    twice: "the same person may be called twice, and you pay for both calls",
    list: "/calls",
    one: "/calls/",
  },
  "messages.send": {
    what: "Text",
    noun: "text",
    done: "sent",
    twice: "the same person may get it twice, and you pay for both",
    list: "/conversations",
  },
  "numbers.buy": {
    what: "Purchase of a number",
    noun: "number",
    done: "bought",
    twice: "you may have bought two numbers, and pay for both each month",
    list: "/numbers",
    one: "/numbers/",
  },
  "agents.create": {
    what: "New agent",
    noun: "agent",
    done: "created",
    twice: "there may be two agents of this name",
    list: "/agents",
    one: "/agents/",
  },
  "subAccounts.create": {
    what: "New sub-account",
    noun: "sub-account",
    done: "created",
    twice: "there may be two sub-accounts of this name",
    list: "/sub-accounts",
  },
  "webhooks.set": {
    what: "Webhook of the project",
    noun: "webhook",
    done: "set",
    twice: "its secret changes once more, and the first one is worthless",
    list: "/webhooks",
  },
  "agents.webhook.set": {
    what: "Webhook of an agent",
    noun: "webhook",
    done: "set",
    twice: "its secret changes once more, and the first one is worthless",
    list: "/agents",
  },
  "registration.create": {
    what: "Registration",
    noun: "registration",
    done: "filed",
    twice: "it may be filed twice, and you pay for both",
    list: "/registration",
  },
  "credits.recording.enable": {
    what: "Recording of calls",
    noun: "add-on",
    done: "turned on",
    twice: "it may be charged twice",
    list: "/",
    asked: false,
  },
};

/** The words for an operation; for one that the console has no button for, its own name. @param {string} operation @returns {Words} */
export const wordsOf = (operation) =>
  (Object.hasOwn(WORDS, operation) ? WORDS[operation] : undefined) ?? {
    what: operation,
    noun: "object",
    done: "done",
    twice: "it may happen twice",
    list: "/",
  };

/** Where one finds an object, as an address of the console. @param {string} operation @param {string} id */
export const placeOf = (operation, id) => {
  const { one, list } = wordsOf(operation);
  return one === undefined ? list : one + encodeURIComponent(id);
};

/** A state in plain words, and what it means. @typedef {{ name: string, means: string }} Meaning */

/**
 * @param {string} state
 * @param {string} operation
 * @returns {Meaning}
 */
export function meaningOf(state, operation) {
  const { done, noun, asked = true } = wordsOf(operation);
  switch (state) {
    case "sending":
      return {
        name: "Under way",
        means:
          "The request is on its way, or its page was closed before a response came. If none comes, it is looked for.",
      };
    case "ambiguous":
      return { name: "Several fit", means: `More than one ${noun} might be it, and only you can tell which.` };
    case "absent_so_far":
      return {
        name: "Not found so far",
        means: `The response was lost. AgentPhone was asked and does not list it, which proves nothing: it may still be ${done}. It is looked for while this page is open.`,
      };
    case "placed":
      return { name: "It happened", means: `It was ${done}.` };
    case "refused":
    case "not_placed":
      return { name: "It did not happen", means: `It was not ${done}.` };
    case "unknown":
      return {
        name: "Not known",
        means: asked
          ? "The response was lost, and AgentPhone could not yet be asked what became of it. It is looked for while this page is open."
          : "The response was lost, and AgentPhone has nothing that could be asked. Find out for yourself, then say here what happened.",
      };
    default:
      return { name: state, means: "The response was lost." };
  }
}
