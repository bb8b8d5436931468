// A server that has lists, in each of the shapes that the API gives them.
import { answer } from "./hostile-server.mjs";

/** @import { AgentPhone, PagePromise, RequestOptions } from "agentphone-wasm" */
/** @import { Foreign } from "./foreign.js" */
/** An item of a list. @typedef {{ id: string, receivedAt?: string }} Item */

/** Items of these numbers. */
export const itemsOf = (/** @type {number} */ count, from = 0) =>
  Array.from({ length: count }, (_, i) => ({ id: `i${from + i}` }));
/** Their ids, short. */
export const ids = (/** @type {{ id?: unknown }[]} */ items) => items.map(({ id }) => id).join(" ");

export const queryOf = (/** @type {{ url: string }} */ { url }) =>
  Object.fromEntries(new URL(url, "http://h").searchParams);

/** Times a minute apart, the newest first. */
export const messages = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => ({
    id: `i${i}`,
    receivedAt: new Date(Date.UTC(2026, 0, 2) - i * 60_000).toISOString(),
  }));

/**
 * The shapes: the operation that has it, and how it answers a request for a part of `all`.
 * @type {Record<string, { list: (client: AgentPhone, query?: Foreign, options?: RequestOptions) => PagePromise<Foreign>, page: (all: Item[], offset: number, limit: number) => object }>}
 */
export const SHAPES = {
  "offset with hasMore and total": {
    list: (client, query, options) => client.contacts.list(query, options),
    page: (all, offset, limit) => ({
      data: all.slice(offset, offset + limit),
      hasMore: offset + limit < all.length,
      total: all.length,
    }),
  },
  "offset with a total alone": {
    list: (client, query, options) => client.agents.list(query, options),
    page: (all, offset, limit) => ({ data: all.slice(offset, offset + limit), total: all.length }),
  },
  items: {
    list: (client, query, options) => client.webhooks.deliveries.list(query, options),
    page: (all, offset, limit) => ({ items: all.slice(offset, offset + limit), total: all.length, offset, limit }),
  },
  "before a time": {
    list: (client, query, options) => client.numbers.messages.list("num_1", query, options),
    page: (all, offset, limit) => ({ data: all.slice(offset, offset + limit), hasMore: offset + limit < all.length }),
  },
};

/** Answers as the operation of `shape` would, from a list that may change: `all()` gives it. @param {string} shape @param {() => Item[]} all */
export const listing =
  (shape, all, { limit = 3 } = {}) =>
  (/** @type {{ url: string }} */ request) => {
    const query = queryOf(request);
    const items = all();
    const size = Number(query.limit ?? limit);
    const first = query.before
      ? items.findIndex(({ receivedAt = "" }) => receivedAt < query.before)
      : Number(query.offset ?? 0);
    return answer(200, SHAPES[shape].page(items, first < 0 ? items.length : first, size));
  };
