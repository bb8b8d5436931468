// @ts-check
// `mediaOf` and `fetchMedia`: the attachments of messages. Their addresses come from outside, so a server that fetches them
// must not be led to what only it can reach.

import { AgentPhoneError, named } from "../errors/error.js";
import { fields, guard, optionsOf, refuse } from "../errors/refuse.js";
import { attempt, isArray, isObject, quietly } from "../lib/fields.js";
import { isPublicHost } from "./addresses.js";
import { functionOf, numberOf, signalOf } from "./check.js";
import { throughNode } from "./node-https.js";

export const MediaError = named("MediaError", class extends AgentPhoneError {});

const SUBJECT = "fetchMedia";
const MAX_BYTES = 10 * 2 ** 20;
const TIMEOUT = 30_000;
const REDIRECTS = 5;
/** What messages carry. */
const TYPES = ["image/*", "audio/*", "video/*", "application/pdf", "text/vcard", "text/x-vcard"];

/** What went wrong, in the words of the message. */
const WORDS = {
  address: "the address is not a public one of https",
  redirect: "too many redirects, or one that cannot be checked here",
  status: "the server did not return the file",
  type: "the file is of a type that is not in `types`",
  "too-large": "the file is longer than maxBytes",
  timeout: "it took longer than timeout",
  aborted: "it was aborted",
  connection: "the connection failed",
};

/** @param {keyof typeof WORDS} reason @param {Record<string, unknown>} [more] */
const failure = (reason, more) => new MediaError({ ...fields("MEDIA_ERROR", SUBJECT, WORDS[reason]), reason, ...more });

/** The addresses of a message. @param {any} message */
const mediaIn = (message) => {
  if (!isObject(message)) return refuse("mediaOf", "the first argument must be a message or an event", message);
  const given = /** @type {any} */ (message);
  const inner = given.data;
  const { mediaUrl, mediaUrls, media_urls, messageMediaUrl, messageMediaUrls } =
    isObject(inner) && !isArray(inner) ? /** @type {any} */ (inner) : given;
  const all = [mediaUrls, media_urls, messageMediaUrls, mediaUrl, messageMediaUrl].flat();
  return [...new Set(all.filter((one) => typeof one === "string" && /^https?:\/\/./i.test(one)))];
};

export const mediaOf = (/** @type {any} */ message) => guard("mediaOf", () => mediaIn(message));

/** The address, if it may be asked. @param {string | URL} given @param {URL} [base] */
const checked = (given, base) => {
  const url = attempt(() => new URL(given, base));
  if (url?.protocol !== "https:" || url.username || url.password || !isPublicHost(url.hostname))
    throw failure("address");
  return url;
};

/** Whether a type is one of those wanted. A picture of text can carry a script: SVG only by its name. @param {string} type @param {string[]} types */
const fits = (type, types) =>
  types.some(
    (one) => one === type || (one.endsWith("/*") && type !== "image/svg+xml" && type.startsWith(one.slice(0, -1))),
  );

/** What reads a body: of a `fetch`, or of Node. @param {any} body @returns {{ read: () => Promise<{ done?: boolean, value?: any }>, cancel: () => unknown }} */
const readerOf = (body) => {
  if (typeof body?.getReader === "function") return body.getReader();
  const iterator = (body ?? [])[Symbol.asyncIterator]?.() ?? [][Symbol.iterator]();
  return { read: async () => iterator.next(), cancel: () => body?.destroy?.() };
};

/** @param {any} body @param {number} maxBytes @param {Promise<never>} cancelled */
const bytesOf = async (body, maxBytes, cancelled) => {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  const reader = readerOf(body);
  try {
    for (;;) {
      // A `fetch` of the caller's may forget its signal once there is a head.
      const { done, value } = await Promise.race([reader.read(), cancelled]);
      if (done) break;
      if ((length += value.length) > maxBytes) throw failure("too-large");
      chunks.push(Uint8Array.from(value));
    }
  } finally {
    quietly(() => reader.cancel());
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
};

/** @param {any} address @param {any} options */
const settings = (address, options) => {
  const given = optionsOf(SUBJECT, options, ["maxBytes", "types", "timeout", "fetch", "signal"]);
  const { types = TYPES } = given;
  if (typeof address !== "string" && !(address instanceof URL))
    refuse(SUBJECT, "the first argument must be an address", address);
  if (!isArray(types) || !types.every((/** @type {any} */ one) => typeof one === "string"))
    refuse(SUBJECT, 'types must be an array of types, such as "image/*"', types);
  return {
    url: checked(address),
    maxBytes: numberOf(SUBJECT, "maxBytes", given.maxBytes, MAX_BYTES, 2 ** 31 - 1, "bytes"),
    timeout: numberOf(SUBJECT, "timeout", given.timeout, TIMEOUT),
    types: types.map((/** @type {string} */ one) => one.toLowerCase()),
    send: functionOf(SUBJECT, "fetch", given.fetch) ?? throughNode(failure) ?? globalThis.fetch,
    signal: signalOf(SUBJECT, given.signal),
  };
};

/** @param {ReturnType<typeof settings>} given @param {AbortSignal} signal @param {Promise<never>} cancelled */
const download = async ({ url, maxBytes, types, send }, signal, cancelled) => {
  let from = url;
  for (let left = REDIRECTS; ; left -= 1) {
    // Nothing that the server could know its caller by, and each redirect is looked at here.
    const request = { redirect: "manual", credentials: "omit", referrerPolicy: "no-referrer", signal };
    const response = await Promise.race([send(from.href, request), cancelled]);
    const drop = () => quietly(() => response.body?.cancel?.() ?? response.body?.destroy?.());
    const header = (/** @type {string} */ name) => response.headers.get(name) ?? "";
    const { status } = response;
    if (response.type === "opaqueredirect" || (status >= 300 && status < 400 && left === 0)) {
      drop();
      throw failure("redirect");
    }
    if (status >= 300 && status < 400 && header("location")) {
      drop();
      from = checked(header("location"), from);
      continue;
    }
    const [type = ""] = header("content-type").toLowerCase().split(";", 1);
    const wrong =
      status !== 200
        ? failure("status", { status })
        : !fits(type.trim(), types)
          ? failure("type")
          : Number(header("content-length")) > maxBytes
            ? failure("too-large")
            : undefined;
    if (wrong) {
      drop();
      throw wrong;
    }
    return { bytes: await bytesOf(response.body, maxBytes, cancelled), type: type.trim(), url: from.href };
  }
};

export const fetchMedia = async (/** @type {any} */ address, /** @type {any} */ options = {}) => {
  const given = guard(SUBJECT, () => settings(address, options));
  const controller = new AbortController();
  /** @type {(error: unknown) => void} */
  let cancel = () => {};
  /** @type {Promise<never>} */
  const cancelled = new Promise((_, reject) => (cancel = reject));
  quietly(() => cancelled);
  const end = (/** @type {"timeout" | "aborted"} */ reason, /** @type {unknown} */ cause) => {
    cancel(failure(reason, { cause }));
    controller.abort();
  };
  const aborted = () => end("aborted", given.signal.reason);
  const timer = setTimeout(() => end("timeout", undefined), given.timeout);
  given.signal?.addEventListener("abort", aborted);
  try {
    if (given.signal?.aborted) aborted();
    return await Promise.race([download(given, controller.signal, cancelled), cancelled]);
  } catch (error) {
    throw AgentPhoneError.is(error) ? error : failure("connection", { cause: error });
  } finally {
    clearTimeout(timer);
    given.signal?.removeEventListener("abort", aborted);
    controller.abort();
  }
};
