// @ts-check
// The instruments: names, units and buckets. Those for HTTP follow OpenTelemetry's conventions.

/** Seconds: the buckets of `http.client.request.duration`. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Calls wait for rate limits and lost responses, up to minutes. */
const LONG_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/** @param {import("@opentelemetry/api").Meter} meter */
export const instrumentsOf = (meter) => {
  /** A histogram of seconds. @param {string} name @param {string} description @param {number[]} [buckets] */
  const seconds = (name, description, buckets = BUCKETS) =>
    meter.createHistogram(name, { description, unit: "s", advice: { explicitBucketBoundaries: buckets } });
  return {
    requests: seconds("http.client.request.duration", "Duration of HTTP client requests."),
    operations: meter.createCounter("agentphone.client.operations", {
      description: "Calls of the client's methods, by how they ended.",
      unit: "{operation}",
    }),
    durations: seconds(
      "agentphone.client.operation.duration",
      "Duration of calls of the client's methods, with their retries and waits.",
      LONG_BUCKETS,
    ),
    webhooks: seconds("agentphone.webhook.duration", "Duration of handling a webhook's event."),
  };
};

/** @typedef {ReturnType<typeof instrumentsOf>} Instruments */

/** Seconds since a time of `performance.now()`. @param {number} began */
export const secondsSince = (began) => (performance.now() - began) / 1000;
