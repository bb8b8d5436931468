// The SDK of OpenTelemetry with exporters in memory, as the tests of `agentphone-wasm/otel` read them.
import { trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { AgentPhone } from "agentphone-wasm";
import { openTelemetry } from "agentphone-wasm/otel";
import { KEY } from "./client.mjs";

/** @import { ClientOptions } from "agentphone-wasm" */
/** @import { OpenTelemetryOptions } from "agentphone-wasm/otel" */
/** @import { ReadableSpan } from "@opentelemetry/sdk-trace-node" */

/** The SDK, registered for the process: with its context manager, which follows `await`. */
export const sdk = () => {
  const spans = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  provider.register();
  return { spans, provider, tracer: trace.getTracer("test") };
};

/** Metrics of one test. */
export const meters = () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const provider = new MeterProvider({ readers: [reader] });
  /** The points of all metrics, by their names. */
  const read = async () => {
    await reader.forceFlush();
    const all =
      exporter
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? [];
    await provider.shutdown();
    return Object.fromEntries(
      all.map(({ descriptor, dataPoints }) => [descriptor.name, { descriptor, points: dataPoints }]),
    );
  };
  return { provider, read };
};

/** A client that is followed, with a `fetch` of the test's. @param {ClientOptions["fetch"]} fetch @param {Partial<ClientOptions>} [options] @param {OpenTelemetryOptions} [otel] */
export const tracedClient = (fetch, options = {}, otel = {}) =>
  new AgentPhone({
    apiKey: KEY,
    baseUrl: "http://api.test",
    logLevel: "off",
    fetch,
    telemetry: openTelemetry(otel),
    ...options,
  });

/** A span as a test compares it. @param {ReadableSpan} span */
export const shown = ({ name, kind, attributes, status, events }) => ({
  name,
  kind,
  attributes,
  failed: status.code === 2,
  events: events.map((event) => event.name.replace("agentphone.", "")),
});

/** The spans under one span, in the order in which they ended. @param {ReadableSpan[]} all @param {ReadableSpan} parent */
export const under = (all, parent) =>
  all.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parent.spanContext().spanId);

/** The only span of a name. @param {ReadableSpan[]} all @param {string} name */
export const only = (all, name) => {
  const found = all.filter((span) => span.name === name);
  if (found.length !== 1) throw new Error(`${found.length} spans called ${name}: ${all.map((span) => span.name)}`);
  return /** @type {ReadableSpan} */ (found[0]);
};
