// BullMQ in the Redis of the store, with its keys in the same slot of a cluster as those of the campaign.

import { Redis } from "ioredis";
import { type Broker, EVENTS } from "./queue.js";

/** The last part of a queue's name: the campaign is in the prefix. */
const NAME = "queue";

/**
 * @param prefixOf The prefix of a campaign's keys.
 * @param redis The connection of the store, for everything except the workers.
 */
export const redisBroker = (
  url: string,
  redis: Redis,
  prefixOf: (id: string) => string,
  failed: (error: unknown) => unknown,
): Broker => ({
  failed,
  queue: async (id) => {
    const { Queue } = await import("bullmq");
    const options = { connection: redis, prefix: prefixOf(id), streams: EVENTS, skipVersionCheck: true };
    const queue = new Queue(NAME, options);
    queue.on("error", () => {});
    return queue;
  },
  worker: async (id, handle, options) => {
    const { Worker } = await import("bullmq");
    // A worker waits in its connection for the next job, and for a server that is away.
    const connection = new Redis(url, { maxRetriesPerRequest: null });
    connection.on("error", () => {});
    const worker = new Worker(NAME, handle, {
      connection,
      prefix: prefixOf(id),
      skipVersionCheck: true,
      ...options,
    });
    return { worker, disconnect: () => connection.disconnect() };
  },
});
