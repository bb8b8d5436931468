// @ts-check
// The two steps of a page that touch many properties, each in one call instead of a dozen over the module's
// edge. What follows a page is decided between them, in src/core/pages.rs.

/** A count, which may have come as text. @param {any} value */
const count = (value) => (typeof value === "number" || typeof value === "string" ? Number(value) : Number.NaN);

/**
 * The items of a list in any of its forms, or undefined; `facts` are total, `hasMore` (1, 0 or NaN), offset
 * asked for, number of items.
 * @param {any} body @param {any} query @param {Float64Array} facts
 */
export const readList = (body, query, facts) => {
  const { data, items, total, hasMore } = body;
  const list = Array.isArray(data) ? data : Array.isArray(items) ? items : Array.isArray(body) ? body : undefined;
  facts[0] = count(total);
  facts[1] = typeof hasMore === "boolean" ? Number(hasMore) : Number.NaN;
  facts[2] = count(query?.offset);
  facts[3] = list === undefined ? 0 : list.length;
  return list;
};

/**
 * @param {any[]} data @param {number} total NaN for none
 * @param {boolean} more @param {number} offset Of the next page, NaN for none @param {string | undefined} before Likewise
 */
export const pageOf = (data, total, more, offset, before) => {
  const told = Number.isNaN(total) ? undefined : total;
  if (!more) return { data, total: told, hasMore: more };
  const next = before !== undefined ? { before } : Number.isNaN(offset) ? {} : { offset };
  return { data, total: told, hasMore: more, next };
};
