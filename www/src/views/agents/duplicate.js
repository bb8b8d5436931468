// @ts-check
// A copy of an agent: everything that can be set at its creation. Numbers and the webhook stay with the original.

/** @typedef {import("agentphone-wasm").Agent} Agent */
/** @typedef {import("agentphone-wasm").CreateAgentRequest} CreateAgentRequest */

/** @type {readonly (keyof Agent & keyof CreateAgentRequest)[]} */
const COPIED = [
  "description",
  "voiceMode",
  "enableMessaging",
  "modelTier",
  "systemPrompt",
  "beginMessage",
  "voice",
  "transferNumber",
  "customTools",
  "voicemailMessage",
  "callScreeningIdentity",
  "callScreeningPurpose",
  "sttMode",
  "ambientSound",
  "denoisingMode",
  "maxSilenceMs",
  "voiceSpeed",
  "interruptionSensitivity",
  "enableBackchannel",
  "language",
];

/** The request that creates it. @param {Agent} agent @param {string} name @returns {CreateAgentRequest} */
export function copyOf(agent, name) {
  const fields = COPIED.flatMap((field) => {
    const value = agent[field];
    return value === undefined || value === null || value === "" ? [] : [[field, value]];
  });
  return { ...Object.fromEntries(fields), name };
}

/** `Front desk copy`, and `Front desk copy 2` if there is one. @param {string} name @param {readonly string[]} taken */
export function nameOfCopy(name, taken) {
  const base = `${name.replace(/ copy(?: \d+)?$/, "")} copy`;
  for (let n = 1; ; n += 1) {
    const next = n === 1 ? base : `${base} ${n}`;
    if (!taken.includes(next)) return next;
  }
}
