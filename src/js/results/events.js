// @ts-check
// Turns a batch of events of a live transcript, as `core::batch` lays it out, into objects with one decoding of text.

import { attempt } from "../lib/fields.js";

const NAMES = ["connected", "turn", "ended"];

/** @type {TextDecoder | undefined} */
let decoder;

/** @param {Uint8Array} bytes */
const textOf = (bytes) => (decoder ??= new TextDecoder("utf-8", { ignoreBOM: true })).decode(bytes);

/**
 * @param {Uint8Array} forms @param {Uint8Array} parts @param {Uint32Array} ends @param {Uint8Array} json
 */
const objects = (forms, parts, ends, json) => {
  const text = parts.length > 0 ? textOf(parts) : "";
  const items = json.length > 0 ? JSON.parse(textOf(json)) : [];
  const events = new Array(forms.length);
  let [part, item, start] = [0, 0, 0];
  for (let i = 0; i < forms.length; i += 1) {
    const form = /** @type {number} */ (forms[i]);
    if (form < NAMES.length) {
      events[i] = { event: NAMES[form], data: items[item++] };
      continue;
    }
    const middle = /** @type {number} */ (ends[part++]);
    const end = /** @type {number} */ (ends[part++]);
    const role = form === NAMES.length ? "agent" : "user";
    events[i] = { event: "turn", data: { role, content: text.slice(start, middle), createdAt: text.slice(middle, end) } };
    start = end;
  }
  return events;
};

/**
 * The events of a batch; undefined where one of them holds no JSON.
 * @param {Uint8Array} forms @param {Uint8Array} parts @param {Uint32Array} ends @param {Uint8Array} json
 */
export const eventsOf = (forms, parts, ends, json) => attempt(() => objects(forms, parts, ends, json));

/** Whether bytes that could not be parsed together can be parsed alone. @param {Uint8Array} item */
export const isJson = (item) => attempt(() => [JSON.parse(textOf(item))]) !== undefined;
