// @ts-check
// The classes of the errors of requests. failure.js decides what an error says, error.js what it consists of.

import { AgentPhoneError, named } from "./error.js";

export { AgentPhoneError, InvalidArgumentError, WebhookVerificationError } from "./error.js";

export const ValidationError = named("ValidationError", class extends AgentPhoneError {});
export const NumberLimitError = named("NumberLimitError", class extends AgentPhoneError {});
export const AuthenticationError = named("AuthenticationError", class extends AgentPhoneError {});
export const InsufficientBalanceError = named("InsufficientBalanceError", class extends AgentPhoneError {});
export const PermissionDeniedError = named("PermissionDeniedError", class extends AgentPhoneError {});
export const NotFoundError = named("NotFoundError", class extends AgentPhoneError {});
export const PhoneNumberNotFoundError = named("PhoneNumberNotFoundError", class extends NotFoundError {});
export const ConflictError = named("ConflictError", class extends AgentPhoneError {});
export const DeliveryUnconfirmedError = named("DeliveryUnconfirmedError", class extends AgentPhoneError {});
export const RateLimitError = named("RateLimitError", class extends AgentPhoneError {});
export const MessagingLimitError = named("MessagingLimitError", class extends AgentPhoneError {});
export const CarrierError = named("CarrierError", class extends AgentPhoneError {});
export const IdempotencyError = named("IdempotencyError", class extends AgentPhoneError {});
export const ServerError = named("ServerError", class extends AgentPhoneError {});
export const ConnectionError = named("ConnectionError", class extends AgentPhoneError {});
export const TimeoutError = named("TimeoutError", class extends AgentPhoneError {});
export const AbortError = named("AbortError", class extends AgentPhoneError {});
export const InvalidResponseError = named("InvalidResponseError", class extends AgentPhoneError {});
export const ConfigurationError = named("ConfigurationError", class extends AgentPhoneError {});
