// @ts-check
// Approvals: the question to a person, and their answer, as texts signed with an HMAC. The signature covers what exactly was asked,
// until when it is valid, and that this policy asked. The question is not the answer: a model may see it, but cannot approve itself.

import { attempt } from "../lib/fields.js";
import { digestOf, random } from "./store.js";

/** @typedef {{ digest: string, until: number, nonce: string }} Asked */

const encoder = new TextEncoder();
/** Longer than any of them. */
const LONGEST = 500;

/** @param {string} secret */
const keyOf = (secret) =>
  crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

/** @param {string} secret @param {string} word @param {string} said */
const signed = async (secret, word, said) => {
  const signature = await crypto.subtle.sign("HMAC", await keyOf(secret), encoder.encode(`${word}.${said}`));
  return `${word}.${said}.${btoa(String.fromCharCode(...new Uint8Array(signature)))}`;
};

/** The content of a text of this kind, if it is genuine. @param {string} secret @param {string} word @param {unknown} text @returns {Promise<string | undefined>} */
const genuine = async (secret, word, text) => {
  if (typeof text !== "string" || text.length > LONGEST) return undefined;
  const [kind, digest, until, nonce, signature, ...more] = text.split(".");
  if (kind !== word || signature === undefined || more.length > 0) return undefined;
  const bytes = attempt(() => bytesOf(signature));
  const said = `${digest}.${until}.${nonce}`;
  const key = await keyOf(secret);
  const isOurs = bytes && (await crypto.subtle.verify("HMAC", key, bytes, encoder.encode(`${word}.${said}`)));
  return isOurs ? said : undefined;
};

/**
 * The digest that an approval is bound to: equal only for the same action under a policy of the same name, because that is where it is
 * noted as used.
 * @param {import("./rules.js").Rules} rules @param {import("./decide.js").Action} action
 */
const boundTo = ({ place }, { tool, kind, spends, to, content }) =>
  digestOf(place, tool ?? "", kind, spends ?? "", to ?? "", content ?? "");

/** A question about an action. @param {import("./rules.js").Rules} rules @param {import("./decide.js").Action} action @param {number} now */
export const asked = async (rules, action, now) => {
  const { secret, expires } = rules.approval;
  const until = now + expires;
  return { request: await signed(secret, "ask", `${boundTo(rules, action)}.${until}.${random()}`), until };
};

/** The answer to a question, if it is one of ours. @param {import("./rules.js").Rules} rules @param {unknown} request @returns {Promise<string | undefined>} */
export const approved = async ({ approval: { secret } }, request) => {
  const said = await genuine(secret, "ask", request);
  return said === undefined ? undefined : signed(secret, "yes", said);
};

/** Checks an approval: the nonce of a valid one, or what is wrong. @param {import("./rules.js").Rules} rules @param {unknown} approval @param {import("./decide.js").Action} action @param {number} now @returns {Promise<{ nonce: string } | { wrong: string }>} */
export const checked = async (rules, approval, action, now) => {
  const said = await genuine(rules.approval.secret, "yes", approval);
  const [digest, until, nonce] = said?.split(".") ?? [];
  if (nonce === undefined) return { wrong: "the approval is not genuine" };
  if (digest !== boundTo(rules, action)) return { wrong: "the approval is for something else" };
  return Number(until) > now ? { nonce } : { wrong: "the approval has expired" };
};
