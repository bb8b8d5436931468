// BullMQ in the PostgreSQL database of the store, in a schema of its own.

import { type Broker, EVENTS } from "./queue.js";

const SCHEMA = "agentphone_queue";
/** Time limit in milliseconds for a connection and for a query. */
const TIMEOUT = 10_000;

export const postgresBroker = (url: string, failed: (error: unknown) => unknown): Broker => {
  const connection = (max: number, migrate: boolean) => ({
    connectionString: url,
    schema: SCHEMA,
    migrate,
    // It prints its opinion of the server's version.
    skipVersionCheck: true,
    max,
    connectionTimeoutMillis: TIMEOUT,
    query_timeout: TIMEOUT,
  });
  return {
    failed,
    queue: async (id) => {
      const { Queue, createPostgresBackend } = await import("bullmq");
      const queue = new Queue(id, { connection: connection(2, true), streams: EVENTS }, createPostgresBackend);
      // Calls reject; without a listener the same error would end the process.
      queue.on("error", () => {});
      return queue;
    },
    worker: async (id, handle, options) => {
      const { Worker, createPostgresBackend } = await import("bullmq");
      const worker = new Worker(id, handle, { connection: connection(4, false), ...options }, createPostgresBackend);
      return { worker, disconnect: () => {} };
    },
  };
};
