// The official SDK, as a file of its own: it is loaded when a run is compared with it, and left out of the published
// console (scripts/build-cli.mjs), because its package has no licence under which it could be passed on.

export { AgentPhoneClient, AgentPhoneError, AgentPhoneTimeoutError } from "agentphone";
