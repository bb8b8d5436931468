// @ts-check
// Why a delivery does not verify: compares what was pasted with what AgentPhone signs, undoes the usual mistakes one by
// one, and says which of them it was. Nothing is sent anywhere.

import { BODY_FORMS } from "./body-forms.js";
import { headerOf } from "./paste.js";

/** @import { BodyForm } from "./body-forms.js" */
/** @typedef {Pick<typeof import("agentphone-wasm/webhooks").webhooks, "verify">} Verifier */
/** `note`: true of the delivery, but not the reason why it fails. @typedef {{ tone: "bad" | "note", title: string, text: string, raw?: boolean }} Finding */
/** `named`: secrets of the account, by whose they are. @typedef {{ headers: Record<string, string>, body: string, secret: string, named?: readonly { whose: string, secret: string }[], now: number }} Given */
/** @typedef {{ genuine: boolean, findings: Finding[], event: Record<string, unknown> | undefined }} Diagnosis */

const SIGNATURE = "x-webhook-signature";
const TIMESTAMP = "x-webhook-timestamp";
/** Seconds that a server tolerates by default. */
const TOLERANCE = 300;
const PREFIX = "whsec_";

/** Signatures of other services, which a server that has several webhooks mixes up. @type {Record<string, string>} */
const OTHERS = {
  "stripe-signature": "Stripe",
  "x-hub-signature-256": "GitHub or Meta",
  "x-twilio-signature": "Twilio",
  "svix-signature": "Svix",
  "webhook-signature": "the Standard Webhooks specification",
  "x-slack-signature": "Slack",
};

/** @param {string} title @param {string} text @returns {Finding} */
const bad = (title, text) => ({ tone: "bad", title, text });
/** @param {string} title @param {string} text @returns {Finding} */
const note = (title, text) => ({ tone: "note", title, text });

/** @param {Verifier} verifier @param {Given} given @returns {Diagnosis} */
export function diagnose(verifier, { headers, body, secret, named = [], now }) {
  const { findings, signature, timestamp } = headersOf(headers, now);
  if (findings.some(({ tone }) => tone === "bad")) return { genuine: false, findings, event: undefined };
  const secrets = secretForms(secret, named);
  if (secrets.length === 0)
    return {
      genuine: false,
      findings: [
        ...findings,
        bad("The secret is missing", "Paste the secret of the webhook, or use those of this account."),
      ],
      event: undefined,
    };
  for (const form of [AS_IT_IS, ...BODY_FORMS]) {
    const undone = form.undo(body);
    if (undone === undefined || (form !== AS_IT_IS && undone === body)) continue;
    for (const one of secrets)
      for (const scheme of /** @type {const} */ (["v1", "body"])) {
        if (!fits(verifier, { body: undone, secret: one.secret, signature, timestamp, scheme })) continue;
        const causes = [
          ...one.findings,
          ...(form === AS_IT_IS ? [] : [{ ...bad(`${form.what}.`, form.fix), raw: form.fix.startsWith("Pass") }]),
          ...(scheme === "v1" ? [] : [OLD_SCHEME]),
        ];
        const age = scheme === "v1" ? ageOf(timestamp, now) : [];
        const shape = eventOf(undone);
        const all = [...findings, ...causes, ...age, ...shape.findings];
        return { genuine: !all.some(({ tone }) => tone === "bad"), findings: all, event: shape.event };
      }
  }
  const causes = [...unknownCause(body, secret, named), ...lengthOf(headers, body)];
  return { genuine: false, findings: [...findings, ...causes], event: undefined };
}

/** @type {BodyForm} */
const AS_IT_IS = { what: "", fix: "", undo: (body) => body };

const OLD_SCHEME = bad(
  "It is signed in the old way, over the body alone.",
  'AgentPhone did this until March 2026. Pass scheme: "body" to webhooks.verify, or check that the timestamp header is the one of this delivery. Such a delivery can be replayed forever.',
);

/** @param {Verifier} verifier @param {{ body: string, secret: string, signature: string, timestamp: string, scheme: "v1" | "body" }} tried */
function fits(verifier, { body, secret, signature, timestamp, scheme }) {
  const headers = { [SIGNATURE]: signature, [TIMESTAMP]: timestamp };
  try {
    verifier.verify({ body, headers, secret, scheme, tolerance: Infinity, maxBytes: null });
    return true;
  } catch (error) {
    // Genuine, although it is not an event: that is said separately.
    return /** @type {{ reason?: unknown }} */ (error).reason === "not_an_event";
  }
}

/** What the headers alone show. @param {Record<string, string>} headers @param {number} now */
function headersOf(headers, now) {
  /** @type {Finding[]} */
  const findings = [];
  const signature = headerOf(headers, SIGNATURE);
  const timestamp = headerOf(headers, TIMESTAMP);
  const other = Object.keys(OTHERS).find((name) => headers[name] !== undefined);
  if (Object.keys(headers).length === 0)
    findings.push(bad("There are no headers.", "Paste them as your server logged them: one per line, or as JSON."));
  else if (signature === undefined && other !== undefined)
    findings.push(bad("This is not a delivery of AgentPhone.", `${other} is the header of ${OTHERS[other]}.`));
  else if (signature === undefined)
    findings.push(
      bad(
        "The header X-Webhook-Signature is missing.",
        "Either the request is not from AgentPhone, or a proxy in front of your server removes the header.",
      ),
    );
  else if (!/(?:^|,)\s*sha256=[\da-f]{64}\s*(?:,|$)/i.test(signature.value))
    findings.push(bad("The signature has the wrong form.", signatureForm(signature.value)));
  if (findings.length === 0 && timestamp === undefined)
    findings.push(
      bad(
        "The header X-Webhook-Timestamp is missing.",
        "It is part of what is signed, so the signature cannot be checked without it. Forward it as well.",
      ),
    );
  else if (findings.length === 0 && !/^\d{1,12}(?:\.\d+)?$/.test(timestamp?.value.trim() ?? ""))
    findings.push(bad("The timestamp has the wrong form.", timestampForm(timestamp?.value.trim() ?? "", now)));
  for (const one of [signature, timestamp])
    if (one?.as.includes("_"))
      findings.push(
        note(`Your framework calls the header ${one.as.toUpperCase()}.`, "Pass it as X-Webhook-… to webhooks.verify."),
      );
  return { findings, signature: signature?.value ?? "", timestamp: timestamp?.value.trim() ?? "" };
}

/** @param {string} value */
function signatureForm(value) {
  const text = value.trim();
  if (text === "") return "It is empty.";
  if (/^[\da-f]{64}$/i.test(text))
    return "The digits are there, but not the sha256= before them. Pass the whole header.";
  if (/^v\d[,=]/.test(text))
    return "This is the form of another service. AgentPhone sends sha256= and 64 hexadecimal digits.";
  if (/^sha256=[\da-f]*$/i.test(text)) return `It has ${text.length - 7} digits instead of 64: it was cut.`;
  return "AgentPhone sends sha256= and 64 hexadecimal digits.";
}

/** @param {string} value @param {number} now */
function timestampForm(value, now) {
  if (value === "") return "It is empty.";
  if (/^\d{13}$/.test(value))
    return "It is in milliseconds. AgentPhone sends seconds since 1970; pass the header unchanged.";
  if (!Number.isNaN(Date.parse(value)))
    return "It is a date. AgentPhone sends seconds since 1970; pass the header unchanged.";
  return `It must be a number of seconds since 1970, such as ${Math.floor(now / 1000)}.`;
}

/** @param {string} timestamp @param {number} now @returns {Finding[]} */
function ageOf(timestamp, now) {
  const seconds = Math.round(now / 1000 - Number(timestamp));
  if (Math.abs(seconds) <= TOLERANCE) return [];
  return seconds > 0
    ? [
        note(
          `It was signed ${span(seconds)} ago.`,
          `A server refuses what is older than ${TOLERANCE / 60} minutes, because it could be a replay. For a delivery out of a log that is expected. For one that has just arrived, the clock of your server is fast, or a queue in front of it holds deliveries back.`,
        ),
      ]
    : [
        note(
          `It was signed ${span(-seconds)} in the future.`,
          "The clock of this machine is slow. If your server's is too, it refuses all deliveries until it is set.",
        ),
      ];
}

/** @param {number} seconds */
function span(seconds) {
  for (const [length, unit] of /** @type {const} */ ([
    [86_400, "day"],
    [3600, "hour"],
    [60, "minute"],
  ])) {
    const many = Math.floor(seconds / length);
    if (many > 0) return `${many} ${unit}${many === 1 ? "" : "s"}`;
  }
  return `${seconds} seconds`;
}

/** The secret as it was pasted and as it may have been meant. @param {string} pasted @param {NonNullable<Given["named"]>} named */
function secretForms(pasted, named) {
  const clean = pasted.trim().replace(/^(["'`])(.*)\1$/, "$2");
  /** @type {{ secret: string, findings: Finding[] }[]} */
  const forms = [];
  if (clean !== "") {
    const tidy =
      clean === pasted
        ? []
        : [
            bad(
              "The secret has spaces or quotation marks around it.",
              "They count as part of the secret. Remove them where it is set, for example in the .env file.",
            ),
          ];
    forms.push({ secret: clean, findings: tidy });
    if (clean.startsWith(PREFIX))
      forms.push({
        secret: clean.slice(PREFIX.length),
        findings: [
          ...tidy,
          bad(
            `It is signed with the secret without ${PREFIX}.`,
            `AgentPhone signs with the whole secret, ${PREFIX} included: this was signed by something else.`,
          ),
        ],
      });
    else
      forms.push({
        secret: PREFIX + clean,
        findings: [
          ...tidy,
          bad(`The secret lacks its prefix ${PREFIX}.`, "The prefix is part of the secret: do not cut it off."),
        ],
      });
  }
  for (const { whose, secret } of named)
    if (secret !== "" && secret !== clean)
      forms.push({
        secret,
        findings:
          clean === ""
            ? [
                note(
                  `It is signed with the secret of ${whose}.`,
                  "That is the secret that your server has to verify with.",
                ),
              ]
            : [
                bad(
                  `The pasted secret is not the right one: it is signed with that of ${whose}.`,
                  "Each webhook has a secret of its own, and setting a webhook again issues a new one.",
                ),
              ],
      });
  return forms;
}

/** @param {string} body */
function eventOf(body) {
  try {
    const event = /** @type {unknown} */ (JSON.parse(body.replace(/^\ufeff/, "")));
    if (typeof event === "object" && event !== null && !Array.isArray(event))
      return { findings: [], event: /** @type {Record<string, unknown>} */ (event) };
  } catch {
    // Said below.
  }
  return {
    findings: [
      bad("The signature is right, but the body is not a JSON object.", "webhooks.verify refuses it: not_an_event."),
    ],
    event: undefined,
  };
}

/** Whether the body has the length that its request announced. @param {Record<string, string>} headers @param {string} body */
function lengthOf(headers, body) {
  const announced = headers["content-length"];
  const length = new TextEncoder().encode(body).length;
  if (announced === undefined || Number(announced) === length) return [];
  return [
    note(
      `The request announced ${announced} bytes, and this body has ${length}.`,
      "Something was added, removed or changed.",
    ),
  ];
}

/** @param {string} body @param {string} secret @param {NonNullable<Given["named"]>} named @returns {Finding[]} */
function unknownCause(body, secret, named) {
  if (body.trim() === "") return [bad("The body is missing.", "Paste it exactly as your server received it.")];
  let event;
  try {
    event = JSON.parse(body);
  } catch {
    return [
      bad(
        "The body is not complete JSON.",
        "It was cut, by a limit on its length or by a log, or changed. The signature covers every byte of it.",
      ),
    ];
  }
  const own =
    typeof event?.agentId === "string"
      ? ` This event belongs to the agent ${event.agentId}: if that has a webhook of its own, it has its own secret.`
      : "";
  const tried =
    secret.trim() === ""
      ? "None of this account's secrets fits."
      : "The secret does not fit, and none of the usual changes of a body explains it.";
  return [
    bad(
      tried,
      `${named.length > 0 && secret.trim() !== "" ? "None of this account's secrets fits either. " : ""}Setting a webhook issues a new secret, and the old one is worthless at once.${own} If the secret is right, the body is not the one that was received.`,
    ),
  ];
}
