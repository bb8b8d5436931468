// @ts-check
// Sends webhooks, and decides where they may go. A client that can set a webhook chooses a URL for the sandbox to
// request and can read the response in the delivery log, so it must not reach what only the sandbox's user can
// reach.

import { lookup } from "node:dns";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIPv6 } from "node:net";
import { Readable } from "node:stream";

/** Developers' servers do not have such addresses, and on cloud machines they serve credentials. */
const LINK_LOCAL = new BlockList();
LINK_LOCAL.addSubnet("169.254.0.0", 16, "ipv4");
LINK_LOCAL.addSubnet("fe80::", 10, "ipv6");
LINK_LOCAL.addAddress("fd00:ec2::254", "ipv6");

const THIS_MACHINE = new BlockList();
THIS_MACHINE.addSubnet("127.0.0.0", 8, "ipv4");
THIS_MACHINE.addSubnet("0.0.0.0", 8, "ipv4");
THIS_MACHINE.addAddress("::1", "ipv6");
THIS_MACHINE.addAddress("::", "ipv6");

/**
 * @param {boolean} local Whether webhooks may go to this machine.
 * @returns {(url: string, init: RequestInit) => Promise<Response>}
 */
export function createSender(local) {
  /** Why an address is rejected, if it is. @param {string} address */
  function refusal(address) {
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (LINK_LOCAL.check(address, family)) return "link-local addresses get no webhooks";
    if (!local && THIS_MACHINE.check(address, family)) {
      return "other machines can ask this sandbox, so its own machine gets no webhooks; allow it with localWebhooks or --local-webhooks";
    }
    return undefined;
  }

  /**
   * Resolves the name for the connection itself: a second lookup could give a different address.
   * @type {import("node:net").LookupFunction}
   */
  const look = (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return done(error, "", 0);
      const refused = found.map(({ address }) => refusal(address)).find((why) => why !== undefined);
      if (refused !== undefined) return done(new Error(refused), "", 0);
      if (options.all) return done(null, found);
      const [first] = found;
      done(null, first?.address ?? "", first?.family);
    });
  };

  return (text, { headers, body, signal }) => {
    const url = new URL(text);
    const bytes = Buffer.from(String(body));
    const { promise, resolve, reject } = withResolvers();
    const fail = (/** @type {Error} */ cause) => reject(new TypeError("fetch failed", { cause }));
    const address = url.hostname.replace(/^\[|\]$/g, "");
    const literal = isIPv6(address) || /^[\d.]+$/.test(address);
    const refused = literal ? refusal(address) : undefined;
    if (refused !== undefined) {
      fail(new Error(refused));
      return promise;
    }
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const asked = send(url, {
      method: "POST",
      agent: false,
      lookup: look,
      headers: { accept: "*/*", .../** @type {Record<string, string>} */ (headers), "content-length": bytes.length },
      ...(signal ? { signal } : {}),
    });
    asked.on("error", fail);
    asked.on("response", (answer) => {
      // A connection that breaks later is an error for the body's reader.
      const stream = /** @type {ReadableStream<Uint8Array>} */ (Readable.toWeb(answer));
      resolve(
        /** @type {Response} */ ({
          status: answer.statusCode ?? 0,
          headers: /** @type {any} */ (pairs(answer.rawHeaders)),
          body: stream,
        }),
      );
    });
    asked.end(bytes);
    return promise;
  };
}

/** @param {string[]} raw @returns {[string, string][]} */
function pairs(raw) {
  /** @type {[string, string][]} */
  const out = [];
  for (let at = 1; at < raw.length; at += 2) out.push([raw[at - 1] ?? "", raw[at] ?? ""]);
  return out;
}

/** Node 20 does not have Promise.withResolvers. @returns {{ promise: Promise<Response>, resolve: (answer: Response) => void, reject: (error: Error) => void }} */
function withResolvers() {
  /** @type {any} */
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}
