// @ts-check
// HTTP spans, by OpenTelemetry's conventions: one per attempt, named by the path's template, without the address itself, because
// its path and query are ids and phone numbers.

import { attempt } from "../lib/fields.js";

/** @typedef {import("../../client/telemetry.js").CallRequest} CallRequest */

/** The error type of an attempt: its status, or the client's code. @param {{ status?: number | undefined, code?: string | undefined }} about */
export const errorTypeOf = ({ status, code }) => code ?? (status === undefined ? "_OTHER" : `${status}`);

/** Whether a path is one of our templates: that of `client.request` comes from the caller. @param {CallRequest} request */
const isTemplate = ({ operation }) => operation !== "request";

/** @param {CallRequest} request */
export const httpName = (request) => (isTemplate(request) ? `${request.method} ${request.path}` : request.method);

/** Attributes that metrics also have. @param {import("../../client/telemetry.js").SentRequest} request @returns {Record<string, string | number>} */
export const httpAttributes = (request) => ({
  "http.request.method": request.method,
  "server.address": request.address,
  "server.port": request.port,
  ...(isTemplate(request) && { "url.template": request.path }),
});

/** The channel on which Node's `fetch` announces its requests. */
const CHANNEL = "undici:request:create";

/**
 * Whether the host's `fetch` is already instrumented: undici's channel has a listener (from `@opentelemetry/instrumentation-undici`
 * or a vendor's agent), or a page's `fetch` has been wrapped (`@opentelemetry/instrumentation-fetch`).
 */
export const isInstrumented = () =>
  attempt(() => {
    const host = /** @type {any} */ (globalThis);
    if (host.fetch?.__wrapped === true) return true;
    return host.process?.getBuiltinModule?.("node:diagnostics_channel")?.hasSubscribers(CHANNEL) === true;
  }) === true;
