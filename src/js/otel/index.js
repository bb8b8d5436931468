// @ts-check
// The exports of `agentphone-wasm/otel`: OpenTelemetry spans and metrics for the client's option `telemetry`. It needs none of our
// WebAssembly modules, but `@opentelemetry/api`, which no other entry imports.

export { AgentPhoneError, InvalidArgumentError } from "../errors/error.js";
export { memoryLinks } from "./links.js";
export { openTelemetry } from "./telemetry.js";
