// @ts-check
// `webhooks`: checks what users pass and converts it to what the module judges: bytes in its buffer, and numbers.
// JavaScript, because headers and bodies come in a dozen forms, and each read of one from Rust
// would cross the boundary.

import { guarded, optionsOf, refuse } from "../errors/refuse.js";
import { deduplicate } from "./deduplicate.js";
import { mendEvent } from "./event.js";
import { refusal } from "./refuse.js";
import { voice } from "./voice.js";

const READ = ["x-webhook-signature", "x-webhook-timestamp", "x-webhook-id"];

const VERIFY = "webhooks.verify";
const VERIFY_OPTIONS = ["body", "headers", "secret", "tolerance", "now", "scheme", "maxBytes"];
const SIGN = "webhooks.sign";
const SIGN_OPTIONS = ["body", "secret", "timestamp", "id", "event", "scheme"];

/** Seconds. */
const TOLERANCE = 300;
/** Bytes: more than the transcript of a call of a whole day. */
const LONGEST_BODY = 2 ** 22;

/** Characters of a secret or a header, so that two of them fit into the module's buffer in UTF-8. None is longer in practice. */
const LONGEST = 2048;
/** So many hexadecimal digits of a signature are a fingerprint: too few to serve as a signature. */
const FINGERPRINT = 32;

/** @type {{ encoder: TextEncoder, decoder: TextDecoder } | undefined} */
let coders;
/** Created when first needed: a test environment may provide the classes after the import. */
const text = () => (coders ??= { encoder: new TextEncoder(), decoder: new TextDecoder() });

/** The raw bytes of a body; undefined for anything else. Throws for a buffer that has been transferred. @param {any} body */
const bytesOf = (body) => {
  if (typeof body === "string") return text().encoder.encode(body);
  // An empty one is examined again below: a transferred buffer reads as empty, and throws only there.
  if (body instanceof Uint8Array && body.length > 0) return body;
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  // By name, because buffers of another realm are not instances of this realm's class.
  if (Object.prototype.toString.call(body) === "[object ArrayBuffer]") return new Uint8Array(body);
};

/** A header's value; repeated headers are joined as HTTP does. Lambda@Edge has a list of `{ key, value }`. @param {any} value */
const line = (value) =>
  Array.isArray(value)
    ? value.map((one) => one?.value ?? one).join(", ")
    : typeof value === "number"
      ? `${value}`
      : value;

/** Names and values in pairs; Node's `rawHeaders` is a flat list of both. @param {any} headers @returns {Iterable<any>} */
const entriesOf = (headers) => {
  if (typeof headers[Symbol.iterator] !== "function") return Object.entries(headers);
  const all = [...headers];
  if (!all.every((one) => typeof one === "string"))
    return all.map((one) => (Array.isArray(one) ? one : [one?.name ?? one?.key, one?.value]));
  return all.flatMap((name, at) => (at % 2 === 0 ? [[name, all[at + 1]]] : []));
};

/** The values of `READ`, in that order; undefined where absent. @param {any} headers */
const headersOf = (headers) => {
  const values = READ.map(
    (name) => line(typeof headers.get === "function" ? headers.get(name) : headers[name]) ?? undefined,
  );
  const missing = values.map((value) => value === undefined);
  if (!missing.includes(true)) return values;
  // Objects, maps and entries keep the spelling in which they were written.
  for (const entry of entriesOf(headers)) {
    const at = READ.indexOf(`${entry?.[0]}`.toLowerCase());
    const value = line(entry?.[1]);
    if (missing[at] && value != null) values[at] = values[at] === undefined ? value : `${values[at]}, ${value}`;
  }
  return values;
};

/** How a body that matches no signature was probably changed on its way. @param {string} body */
const wrappedIn = (body) => {
  if (/^\s*"/.test(body)) return "; it is a text in JSON: it was encoded once more than it was sent";
  return /^[\w+/]{40,}=*\s*$/.test(body) ? "; it looks like base64: decode it first" : "";
};

/** The object in a genuine body. @param {string} body */
const parsed = (body) => {
  let value;
  try {
    value = JSON.parse(body.replace(/^\ufeff/, ""));
    // Some senders encode JSON twice; it is still genuine.
    if (typeof value === "string") value = JSON.parse(value);
  } catch {
    // Not JSON, so not an object.
  }
  if (Object(value) === value && !Array.isArray(value)) return value;
  throw refusal("not_an_event");
};

/** The name of the event in a body. @param {Uint8Array} bytes */
const nameIn = (bytes) => {
  try {
    return `${JSON.parse(text().decoder.decode(bytes)).event ?? ""}`;
  } catch {
    return "";
  }
};

/**
 * What is needed of the module's glue (src/webhooks/mod.rs): texts and bytes pass through its buffer, and the digits of a signature come back in it.
 * @typedef {object} Core
 * @property {() => number} webhookBuffer Where the buffer begins
 * @property {() => number} webhookBufferSize In bytes
 * @property {() => WebAssembly.Memory} memory
 * @property {(secret: number, timestamp: number, bodyAlone: boolean) => void} webhookBegin
 * @property {(length: number) => void} webhookUpdate
 * @property {() => number} webhookFinish Returns the number of digits
 * @property {(header: number, timestamp: number, bodyAlone: boolean, tolerance: number, now: number) => import("./refuse.js").Reason | undefined} webhookJudge The reason to refuse
 */

/** @param {Core} core */
export const webhooksOf = (core) => {
  const buffer = () => {
    const at = core.webhookBuffer();
    return new Uint8Array(core.memory().buffer, at, core.webhookBufferSize());
  };

  /** Writes a text to the buffer; returns the position behind it. @param {string} words @param {number} at */
  const put = (words, at) => at + text().encoder.encodeInto(words.slice(0, LONGEST), buffer().subarray(at)).written;

  /** The digits of a body's signature. @param {Uint8Array} bytes @param {string} secret @param {string} timestamp @param {boolean} bodyAlone */
  const signature = (bytes, secret, timestamp, bodyAlone) => {
    const length = put(secret, 0);
    core.webhookBegin(length, put(timestamp, length) - length, bodyAlone);
    const size = core.webhookBufferSize();
    for (let at = 0; at < bytes.length; at += size) {
      const piece = bytes.subarray(at, at + size);
      buffer().set(piece);
      core.webhookUpdate(piece.length);
    }
    const digits = core.webhookFinish();
    return text().decoder.decode(buffer().subarray(0, digits));
  };

  /** Checks what both functions have in common. @param {string} subject @param {unknown} given @param {string[]} names */
  const check = (subject, given, names) => {
    // Before anything of the host is used, so that the error names what it lacks.
    core.webhookBuffer();
    const options = optionsOf(subject, given, names);
    const { body, secret, scheme = "v1" } = options;
    if (scheme !== "v1" && scheme !== "body") refuse(subject, 'scheme must be "v1" or "body"');
    let raw = body;
    try {
      if (typeof body !== "string") raw = bytesOf(body);
    } catch {
      refuse(subject, "body cannot be read: its bytes have been transferred elsewhere");
    }
    raw ??= refuse(
      subject,
      "pass the raw body, before JSON.parse: body must be a string, Uint8Array or ArrayBuffer",
      body,
    );
    const secrets = Array.isArray(secret) ? secret : [secret];
    if (secrets.length === 0) refuse(subject, "secret must not be an empty list");
    for (const one of secrets) {
      if (typeof one !== "string") refuse(subject, "secret must be a string", one);
      // An empty secret is a variable that is not set; anyone could sign with it.
      if (one === "") refuse(subject, "secret is empty: check where it is read from");
      if (/^(["'`]).*\1$/.test(one)) refuse(subject, "secret is in quotation marks: leave them out where it is set");
      if (/\s/.test(one))
        refuse(subject, "secret contains white space, which no secret does: check where it is read from");
      if (one.length > LONGEST) refuse(subject, "secret is longer than any secret: check where it is read from");
    }
    return { options, raw, secrets, bodyAlone: scheme === "body" };
  };

  /** @param {unknown} given */
  const verify = (given) => {
    const { raw, secrets, bodyAlone, options } = check(VERIFY, given, VERIFY_OPTIONS);
    const { headers, tolerance = TOLERANCE, now = Date.now(), maxBytes = LONGEST_BODY } = options;
    if (typeof tolerance !== "number" || !(tolerance >= 0))
      refuse(VERIFY, "tolerance must be seconds, 0 or more", tolerance);
    if (maxBytes !== null && (typeof maxBytes !== "number" || !(maxBytes > 0)))
      refuse(VERIFY, "maxBytes must be bytes, more than 0, or null for no limit", maxBytes);
    const millis = now?.getTime?.() ?? now;
    if (typeof millis !== "number" || !Number.isFinite(millis))
      refuse(VERIFY, "now must be milliseconds since 1970 or a valid Date", now);
    if (Object(headers) !== headers) refuse(VERIFY, "headers must be Headers, an object, a Map or entries", headers);
    let read = /** @type {(string | undefined)[]} */ ([]);
    try {
      read = headersOf(headers).map((value) => (value === undefined ? value : `${value}`));
    } catch {
      // A symbol, or a getter that throws.
      refuse(VERIFY, "headers must have values that can be read as strings");
    }
    const [header = "", timestamp = "", id = null] = read;
    const judge = () => {
      const length = put(header, 0);
      return core.webhookJudge(length, put(timestamp, length) - length, bodyAlone, tolerance * 1000, millis);
    };
    // What costs nothing comes first: anybody can request the work of hashing a body of any length.
    let reason = judge();
    if (reason && reason !== "mismatch") throw refusal(reason);
    const most = maxBytes ?? Infinity;
    if (raw.length > most) throw refusal("too_large");
    const bytes = typeof raw === "string" ? text().encoder.encode(raw) : raw;
    if (bytes.length > most) throw refusal("too_large");
    let fingerprint = "";
    for (const secret of secrets) {
      const digits = signature(bytes, secret, timestamp, bodyAlone);
      // Of the first secret, whichever matches: a delivery has one fingerprint, whatever its unsigned headers say.
      fingerprint ||= digits.slice(0, FINGERPRINT);
      reason = judge();
      if (reason !== "mismatch") break;
    }
    if (reason)
      throw refusal(reason, reason === "mismatch" ? wrappedIn(text().decoder.decode(bytes.subarray(0, 200))) : "");
    const event = mendEvent(parsed(typeof raw === "string" ? raw : text().decoder.decode(bytes)));
    event.delivery = { id, timestamp: Number(timestamp) || null, fingerprint };
    return event;
  };

  /** @param {unknown} given */
  const sign = (given) => {
    const { raw, secrets, bodyAlone, options } = check(SIGN, given, SIGN_OPTIONS);
    const { timestamp = Date.now() / 1000, id, event } = options;
    const bytes = typeof raw === "string" ? text().encoder.encode(raw) : raw;
    const seconds = Math.floor(
      timestamp instanceof Date ? timestamp.getTime() / 1000 : typeof timestamp === "number" ? timestamp : Number.NaN,
    );
    if (!(seconds >= 0)) refuse(SIGN, "timestamp must be Unix seconds or a Date", timestamp);
    return {
      "Content-Type": "application/json",
      "X-Webhook-Signature": `sha256=${signature(bytes, secrets[0], `${seconds}`, bodyAlone)}`,
      "X-Webhook-Timestamp": `${seconds}`,
      "X-Webhook-ID": id ?? `del_${Math.random().toString(36).slice(2)}${Date.now().toString(36)}`,
      "X-Webhook-Event": event ?? nameIn(bytes),
    };
  };

  return { webhooks: guarded("webhooks", { verify, sign, deduplicate }), voice };
};
