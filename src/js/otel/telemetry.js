// @ts-check
// `openTelemetry`: reads its options, and connects the observer of the client's calls with that of webhooks.

import { metrics, trace } from "@opentelemetry/api";
import { guard, optionsOf, refuse } from "../errors/refuse.js";
import { memoryLinks } from "./links.js";
import { instrumentsOf } from "./metrics.js";
import { Operation } from "./operation.js";
import { webhookTracer } from "./webhook.js";

/** @typedef {import("../../otel/otel.js").LinkStore} LinkStore */

const SUBJECT = "openTelemetry";
const NAMES = ["tracerProvider", "meterProvider", "http", "propagate", "links", "webhookParent"];
/** The name of the instrumentation scope. */
const SCOPE = "agentphone-wasm";

/**
 * What spans and metrics are created with.
 * @typedef {object} Tools
 * @property {import("@opentelemetry/api").Tracer} tracer
 * @property {() => import("./metrics.js").Instruments} instruments
 * @property {"auto" | boolean} http
 * @property {boolean} propagate
 * @property {LinkStore | undefined} links
 * @property {"active" | "call"} webhookParent
 */

/** @param {string} name @param {any} value @param {string} method @param {any} usual */
const providerOf = (name, value, method, usual) => {
  if (value === undefined || value === null) return usual;
  if (typeof value[method] !== "function") refuse(SUBJECT, `${name} must have the method ${method}`, value);
  return value;
};

/** @template T @param {string} name @param {unknown} value @param {T[]} words @param {T} usual @returns {T} */
const oneOf = (name, value, words, usual) => {
  if (value === undefined) return usual;
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  return refuse(SUBJECT, `${name} must be ${words.map((word) => JSON.stringify(word)).join(" or ")}`);
};

/** @param {any} value @returns {LinkStore | undefined} */
const linksOf = (value) => {
  if (value === false || value === null) return undefined;
  if (value === undefined) return memoryLinks();
  if (typeof value.get !== "function" || typeof value.set !== "function")
    refuse(SUBJECT, "links must have the methods get and set, or be false", value);
  return value;
};

/** @param {any} [given] */
export const openTelemetry = (given = {}) =>
  guard(SUBJECT, () => {
    const options = optionsOf(SUBJECT, given, NAMES);
    const meters = providerOf("meterProvider", options.meterProvider, "getMeter", undefined);
    /** @type {import("./metrics.js").Instruments | undefined} */
    let instruments;
    /** @type {Tools} */
    const tools = {
      tracer: providerOf("tracerProvider", options.tracerProvider, "getTracer", trace).getTracer(SCOPE),
      // Created on first use: unlike a tracer, a meter does not find a provider that is registered after it was created.
      instruments: () => (instruments ??= instrumentsOf((meters ?? metrics).getMeter(SCOPE))),
      http: oneOf("http", options.http, ["auto", true, false], "auto"),
      propagate: oneOf("propagate", options.propagate, [true, false], false),
      links: linksOf(options.links),
      webhookParent: oneOf("webhookParent", options.webhookParent, ["active", "call"], "active"),
    };
    return {
      start: (/** @type {import("../../client/telemetry.js").CallStart} */ call) => new Operation(tools, call),
      webhook: webhookTracer(tools),
    };
  });
