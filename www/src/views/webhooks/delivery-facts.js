// @ts-check
// What can be read out of a delivery without asking for more: what it is about, what it says, and whether it fits the
// filters of the list.

/** @typedef {{ eventType?: string | null | undefined, status: string, httpStatus?: number | null | undefined, errorMessage?: string | null | undefined, channel?: string | null | undefined }} Delivery */
/** Empty for anything. @typedef {{ status: string, event: string }} Wanted */

/** Events of the API, for the filter; others are added as they occur. */
export const EVENTS = ["agent.message", "agent.call_ended", "agent.reaction"];

/** The value of the status filter for everything that has not been delivered. */
export const TROUBLE = "trouble";

/** @param {Delivery} delivery @param {Wanted} wanted */
export function fits({ eventType, status }, wanted) {
  if (wanted.event !== "" && eventType !== wanted.event) return false;
  if (wanted.status === TROUBLE) return status !== "success";
  return wanted.status === "" || status === wanted.status;
}

/** Why it failed, in a few words; undefined if it did not. @param {Delivery} delivery */
export function failureOf({ status, httpStatus, errorMessage }) {
  if (status === "success") return undefined;
  if (typeof errorMessage !== "string" || errorMessage === "")
    return typeof httpStatus === "number" ? `HTTP ${httpStatus}` : undefined;
  return NETWORK[errorMessage] ?? errorMessage;
}

/** @type {Record<string, string>} */
const NETWORK = {
  ECONNREFUSED: "Connection refused",
  ECONNRESET: "Connection reset",
  ENOTFOUND: "Host not found",
  EAI_AGAIN: "Host not found",
  ETIMEDOUT: "Connection timed out",
  UND_ERR_SOCKET: "Connection closed",
  CERT_HAS_EXPIRED: "Certificate expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "Self-signed certificate",
};

/** The objects that an event is about. @param {string | undefined} body @returns {{ text: string, href: string }[]} */
export function linksIn(body) {
  const { agentId, data } = objectIn(body);
  const fields = typeof data === "object" && data !== null ? /** @type {Record<string, unknown>} */ (data) : {};
  return [
    { text: "Open the call", path: "calls", id: fields.callId },
    { text: "Open the conversation", path: "conversations", id: fields.conversationId },
    { text: "Open the agent", path: "agents", id: agentId },
  ].flatMap(({ text, path, id }) =>
    typeof id === "string" && id !== "" ? [{ text, href: `#/${path}/${encodeURIComponent(id)}` }] : [],
  );
}

/** @param {string | undefined} body @returns {Record<string, unknown>} */
function objectIn(body) {
  try {
    const value = JSON.parse(body ?? "");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** JSON with line breaks; any other text as it is. @param {string} text */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** A command that sends the same request again, byte for byte. @param {{ url: string, headers: Record<string, string>, body: string }} sent */
export const asCurl = ({ url, headers, body }) =>
  [
    `curl ${quoted(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    `--data-binary ${quoted(body)}`,
  ].join(" \\\n  ");

/** @param {string} text */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
