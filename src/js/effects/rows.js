// @ts-check
// What the API's objects say, for the question whether one of them is what an intent was to make. Which fields count, and
// what they prove, is decided in src/core/effects (`row.rs`, `judge.rs`); nothing here throws.

import { attempt, isArray, isObject } from "../lib/fields.js";

/** The texts of a field: one, or those in an array. @param {unknown} value */
const textsOf = (value) => {
  if (typeof value === "string") return [value];
  return isArray(value) ? /** @type {unknown[]} */ (value).filter((item) => typeof item === "string") : undefined;
};

/** Some fields of an object. @param {unknown} object @param {string} fields With commas between */
export const picked = (object, fields) => {
  /** @type {Record<string, unknown>} */
  const row = {};
  for (const name of fields.split(",")) row[name] = textsOf(/** @type {any} */ (object)?.[name]);
  return row;
};

/**
 * Rows of objects: when each was made, and some of its fields. Empty if an object cannot be read.
 * @param {unknown[]} objects @param {string} fields @param {string} dated The field that says when; empty: none does
 */
export const rowsOf = (objects, fields, dated) =>
  attempt(() =>
    JSON.stringify(
      objects.map((object) => [
        dated === "" ? null : Date.parse(/** @type {any} */ (object)?.[dated]),
        picked(object, fields),
      ]),
    ),
  ) ?? "";

/**
 * The objects of a page, or of a list whose shape no document describes; undefined if there is no list.
 * @param {any} page @param {boolean} isList Else it is the object itself
 */
export const itemsOf = (page, isList) =>
  attempt(() => {
    if (isList) return [page, page?.data, page?.items, page?.templates].find(isArray);
    return page === undefined || page === null ? [] : [page];
  });

/**
 * The query of the next page: undefined if this was the last, null if the list claims to continue without moving.
 * @param {any} page @param {object} query The first page's
 */
export const nextOf = (page, query) =>
  attempt(() => {
    if (!page?.hasMore || !isObject(page.next)) return undefined;
    return Object.keys(page.next).length === 0 ? null : { ...query, ...page.next };
  });

/**
 * How many calls the account's usage counts, and how many its list has; undefined where one of them does not say.
 * @param {any} usage @param {any} page
 */
export const countsOf = (usage, page) =>
  attempt(() => {
    const [counted, listed] = [usage.stats.totalCalls, page.total];
    return Number.isSafeInteger(counted) && Number.isSafeInteger(listed) ? { counted, listed } : undefined;
  });

/** The call that a webhook reports, as lists of calls have it. @param {any} event */
export const callIn = (event) =>
  attempt(() => {
    const { callId: id, to: toNumber, numberId: phoneNumberId, direction, startedAt } = event.data;
    if (typeof id !== "string") return undefined;
    return { id, agentId: event.agentId, toNumber, phoneNumberId, direction, startedAt };
  });
