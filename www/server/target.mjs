// @ts-check
// Which requests may go on to the API. A path reaches it exactly as it was checked here, so only the one spelling
// is accepted that every server reads alike: no dots, no empty parts, no escapes of what needs none.

/** Where the API has its paths (contract/openapi.yaml). */
const API = /^\/(?:v1|v0|integrations|credits|auth)\//;
/** The methods of its operations, and whether their requests have a body. */
const METHODS = new Map([
  ["GET", false],
  ["DELETE", false],
  ["POST", true],
  ["PATCH", true],
  ["PUT", true],
]);
/** What ids and names of resources are made of. */
const SEGMENT = /^[\w.~+@:,=-]+$/;
const QUERY = /^[\w.~!$&'()*+,;=:@/?%-]*$/;
/** The id of a sub-account. */
const ACCOUNT = /^[\w.~-]+$/;
/** Public, the id being the secret, and served from storage that is not the API itself: the key stays away from it. */
const KEYLESS = /^\/v1\/(?:calls\/[^/]+\/recording|messages\/[^/]+\/media)$/;

const pathOf = (/** @type {string} */ target) => target.split("?", 1)[0] ?? "";

/**
 * What a request target asks for: the API, the server itself, or one of the page's files.
 * @param {string} target
 * @returns {"api" | "control" | "file"}
 */
export function zoneOf(target) {
  if (API.test(target)) return "api";
  return target.startsWith("/__sandbox/") ? "control" : "file";
}

/**
 * Why a request is not passed on, or undefined for one that is.
 * @param {import("node:http").IncomingMessage} request
 * @returns {{ status: number, detail: string } | undefined}
 */
export function unfit({ method = "", url = "", headers, headersDistinct }) {
  const hasBody = METHODS.get(method);
  if (hasBody === undefined) return { status: 405, detail: `${method} is not a method of the API.` };
  if (!plainTarget(url)) return { status: 400, detail: "The path or query is not one that the API can have." };
  const accounts = headersDistinct["x-sub-account-id"];
  // Empty or in doubt, another account than the one that was meant would act, the main one for instance.
  if (accounts !== undefined && (accounts.length !== 1 || !ACCOUNT.test(accounts[0] ?? ""))) {
    return { status: 400, detail: "The header x-sub-account-id must be the id of one sub-account." };
  }
  const carries = headers["transfer-encoding"] !== undefined || !["0", undefined].includes(headers["content-length"]);
  // A server that expects no body would read it as the next request.
  if (!hasBody && carries) return { status: 400, detail: `A ${method} request has no body.` };
  return undefined;
}

/** Whether the key stays away from a target. @param {string} target */
export const isKeyless = (target) => KEYLESS.test(pathOf(target));

/** @param {string} target */
function plainTarget(target) {
  const path = pathOf(target);
  return path.split("/").slice(1).every(plainSegment) && QUERY.test(target.slice(path.length + 1));
}

/** @param {string} segment */
function plainSegment(segment) {
  let text;
  try {
    text = decodeURIComponent(segment);
  } catch {
    return false;
  }
  return SEGMENT.test(text) && text !== "." && text !== ".." && [text, encodeURIComponent(text)].includes(segment);
}
