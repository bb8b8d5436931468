// @ts-check
// The exports of `agentphone-wasm/tools`: tasks for language models that cannot ring a phone twice. It needs no module; the caller
// passes in the client.

export { aiTools } from "../adapters/ai-sdk.js";
export { langchainTools } from "../adapters/langchain.js";
export { mastraTools } from "../adapters/mastra.js";
export { mcpTools } from "../adapters/mcp.js";
export { openaiTools } from "../adapters/openai.js";
export { AgentPhoneError, InvalidArgumentError } from "../errors/error.js";
export { policy } from "../policy/policy.js";
export { agentTools, toolNames } from "./tools.js";
