// @ts-check
// A transcript as a file: text to read, JSON for programs, WebVTT for players.

/** @typedef {import("./turn-times.js").Turn} Turn */
/**
 * @typedef {object} Told
 * @property {{ id: string, fromNumber: string, toNumber: string, startedAt: string, durationSeconds?: number | null | undefined, status: string }} call
 * @property {readonly Turn[]} turns
 * @property {readonly number[]} starts Seconds from the beginning.
 * @property {(turn: Turn) => string} nameOf Who speaks.
 * @property {number} length Seconds in total.
 */

/** @param {number} n @param {number} [digits] */
const padded = (n, digits = 2) => String(n).padStart(digits, "0");

/** 75.5: `00:01:15.500`. @param {number} seconds */
export function timestamp(seconds) {
  const ms = Math.round(seconds * 1000);
  const parts = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${parts.map((part) => padded(part)).join(":")}.${padded(ms % 1000, 3)}`;
}

/** @param {Told} told */
export function asText({ call, turns, starts, nameOf }) {
  const lines = turns.map(
    (turn, index) => `[${timestamp(starts[index] ?? 0).slice(0, 8)}] ${nameOf(turn)}: ${turn.content}`,
  );
  return `Call ${call.id}\nFrom ${call.fromNumber} to ${call.toNumber}\n${call.startedAt}\n\n${lines.join("\n")}\n`;
}

/** @param {Told} told */
export function asJson({ call, turns, starts }) {
  const { id, fromNumber, toNumber, startedAt, durationSeconds = null, status } = call;
  const said = turns.map(({ role, content, createdAt = null }, index) => ({
    role,
    content,
    createdAt,
    atSeconds: Math.round((starts[index] ?? 0) * 1000) / 1000,
  }));
  const whole = { callId: id, fromNumber, toNumber, startedAt, durationSeconds, status, transcript: said };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/** Escapes markup, and what would end a cue. @param {string} text */
const plain = (text) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll(/\s*[\r\n]+\s*/g, " ");

/** @param {Told} told */
export function asVtt({ turns, starts, nameOf, length }) {
  const cues = turns.map((turn, index) => {
    const from = starts[index] ?? 0;
    const to = Math.max(from + 0.5, starts[index + 1] ?? length);
    return `${index + 1}\n${timestamp(from)} --> ${timestamp(to)}\n<v ${plain(nameOf(turn))}>${plain(turn.content)}\n`;
  });
  return `WEBVTT\n\n${cues.join("\n")}`;
}
