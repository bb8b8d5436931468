// @ts-check
// The operations of the API by method and path, for requests that other programs have sent. A test compares them with the contract.

const TABLE = `
GET /v1/agents/voices voices.list
GET /v1/agents agents.list
POST /v1/agents agents.create
GET /v1/agents/* agents.get
PATCH /v1/agents/* agents.update
DELETE /v1/agents/* agents.delete
POST /v1/agents/*/numbers agents.numbers.attach
DELETE /v1/agents/*/numbers/* agents.numbers.detach
GET /v1/agents/*/conversations agents.conversations.list
GET /v1/agents/*/calls agents.calls.list
GET /v1/agents/*/webhook agents.webhook.get
POST /v1/agents/*/webhook agents.webhook.set
DELETE /v1/agents/*/webhook agents.webhook.delete
GET /v1/agents/*/webhook/deliveries agents.webhook.deliveries.list
POST /v1/agents/*/webhook/test agents.webhook.test
GET /v1/webhooks webhooks.get
POST /v1/webhooks webhooks.set
DELETE /v1/webhooks webhooks.delete
GET /v1/webhooks/deliveries webhooks.deliveries.list
GET /v1/webhooks/deliveries/stats webhooks.deliveries.stats
GET /v1/webhooks/deliveries/all-time webhooks.deliveries.allTime
POST /v1/webhooks/test webhooks.test
GET /v1/numbers numbers.list
POST /v1/numbers numbers.buy
GET /v1/numbers/available numbers.available
GET /v1/numbers/lookup numbers.lookup
GET /v1/numbers/* numbers.get
PATCH /v1/numbers/* numbers.update
DELETE /v1/numbers/* numbers.release
GET /v1/numbers/*/messages numbers.messages.list
GET /v1/numbers/*/calls numbers.calls.list
PATCH /v1/numbers/*/voice-routing numbers.voiceRouting.update
GET /v1/numbers/*/contact-card numbers.contactCard.get
PUT /v1/numbers/*/contact-card numbers.contactCard.set
DELETE /v1/numbers/*/contact-card numbers.contactCard.delete
GET /v1/contacts contacts.list
POST /v1/contacts contacts.create
GET /v1/contacts/capabilities contacts.capabilities
GET /v1/contacts/* contacts.get
PATCH /v1/contacts/* contacts.update
DELETE /v1/contacts/* contacts.delete
GET /v1/conversations conversations.list
GET /v1/conversations/* conversations.get
PATCH /v1/conversations/* conversations.update
GET /v1/conversations/*/messages conversations.messages.list
POST /v1/conversations/*/typing conversations.typing
POST /v1/conversations/*/background conversations.background.set
DELETE /v1/conversations/*/background conversations.background.delete
GET /v1/calls calls.list
POST /v1/calls calls.create
POST /v1/calls/web calls.createWeb
GET /v1/calls/* calls.get
POST /v1/calls/*/end calls.end
GET /v1/calls/*/recording calls.recording.get
GET /v1/calls/*/transcript calls.transcript.get
GET /v1/calls/*/transcript/stream calls.transcript.stream
POST /v1/messages messages.send
GET /v1/messages/*/media messages.media.get
POST /v1/messages/*/reactions messages.react
GET /v1/usage usage.get
GET /v1/usage/daily usage.daily
GET /v1/usage/monthly usage.monthly
GET /v1/usage/by-number usage.byNumber
GET /v1/usage/by-agent usage.byAgent
POST /v1/register registration.create
GET /v1/register registration.get
PATCH /v1/register registration.update
GET /v1/register/status registration.status
GET /v1/sub-accounts subAccounts.list
POST /v1/sub-accounts subAccounts.create
PATCH /v1/sub-accounts/* subAccounts.update
DELETE /v1/sub-accounts/* subAccounts.delete
GET /v1/location/* location.get
POST /v1/location/refresh location.refresh
GET /v1/sip-trunks sipTrunks.list
POST /v1/sip-trunks sipTrunks.create
GET /v1/sip-trunks/* sipTrunks.get
PATCH /v1/sip-trunks/* sipTrunks.update
DELETE /v1/sip-trunks/* sipTrunks.delete
POST /integrations/whatsapp/connect whatsapp.connect
GET /integrations/whatsapp/status whatsapp.status
DELETE /integrations/whatsapp/* whatsapp.disconnect
GET /integrations/whatsapp/*/available-numbers whatsapp.numbers.available
POST /integrations/whatsapp/*/numbers whatsapp.numbers.connect
GET /integrations/whatsapp/*/templates whatsapp.templates.list
POST /integrations/whatsapp/*/templates whatsapp.templates.create
DELETE /integrations/whatsapp/*/templates whatsapp.templates.delete
POST /v1/verify/send verification.send
POST /v1/verify/check verification.check
POST /v1/feedback feedback.create
POST /credits/recording/enable credits.recording.enable
POST /v0/agent/sign-up signUp.create
POST /v0/agent/verify signUp.verify
GET /auth/me account.me
`;

/** @typedef {{ id: string, ids: string[] }} Asked An operation, and the ids in the path. */

/** By method and number of parts. @type {Map<string, { id: string, parts: string[] }[]>} */
const known = new Map();
for (const line of TABLE.trim().split("\n")) {
  const [method = "", path = "", id = ""] = line.split(" ");
  const parts = path.split("/");
  const name = `${method} ${parts.length}`;
  known.set(name, [...(known.get(name) ?? []), { id, parts }]);
}

/**
 * What a request asks for; undefined if it is not an operation of the API.
 * @param {string} method
 * @param {string} target A path, with or without a query.
 * @returns {Asked | undefined}
 */
export function operationOf(method, target) {
  const parts = (target.split("?", 1)[0] ?? "").split("/");
  const found = (known.get(`${method.toUpperCase()} ${parts.length}`) ?? [])
    .filter((row) => row.parts.every((part, at) => part === "*" || part === parts[at]))
    // `/v1/numbers/available` is not a number with that id.
    .sort((one, other) => idsIn(one.parts) - idsIn(other.parts))[0];
  if (found === undefined) return undefined;
  return { id: found.id, ids: parts.filter((_, at) => found.parts[at] === "*").map(decoded) };
}

/** @param {string[]} parts */
const idsIn = (parts) => parts.filter((part) => part === "*").length;

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The ids of all operations. */
export const operationIds = () => [...known.values()].flat().map(({ id }) => id);

/** What only reads. @param {string} method */
export const isRead = (method) => method === "GET" || method === "HEAD";
