// @ts-check
// Requests whose answer was lost, by the error that their caller got: what they asked for, for `client.settle(error)`.
// Nothing of it is on the error itself, because it holds numbers and texts.

/**
 * @typedef {object} Lost
 * @property {number} row
 * @property {unknown} prepared What was sent
 * @property {unknown} options With which settings
 * @property {number} sentAt Milliseconds since the epoch: not before it was sent
 */

/** @type {WeakMap<object, Lost>} */
const requests = new WeakMap();

/** @param {object} error @param {Lost} lost */
export const remember = (error, lost) => void requests.set(error, lost);

/** @param {unknown} error */
export const lostWith = (error) => requests.get(/** @type {object} */ (error));
