// @ts-check
// What `agentphone-wasm/toolkit` exports: what nearly everyone writes again around this API. It needs no module.

export { AgentPhoneError, InvalidArgumentError } from "../errors/error.js";
export { ensure } from "./ensure.js";
export { voice } from "./fill.js";
export { inbox } from "./inbox.js";
export { keywordOf } from "./keywords.js";
export { fetchMedia, MediaError, mediaOf } from "./media.js";
export { messagesOf, textOf } from "./messages.js";
export { outcomeOf } from "./outcome.js";
export { phone } from "./phone.js";
export { segmentsOf } from "./segments.js";
export { keepTyping } from "./typing.js";
