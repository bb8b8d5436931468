// @ts-check
// What has changed between two texts, word by word.

/** @typedef {{ kind: "same" | "out" | "in", text: string }} Piece */

/** Cells of the table beyond which the middle is shown as a whole: comparing takes their number of steps. */
const MOST = 4_000_000;

/** @param {string} before @param {string} after @returns {Piece[]} */
export function diffWords(before, after) {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const middle = compared(old.slice(start, old.length - end), now.slice(start, now.length - end));
  return joined([
    { kind: "same", text: old.slice(0, start).join("") },
    ...middle,
    { kind: "same", text: end === 0 ? "" : old.slice(-end).join("") },
  ]);
}

/** Words, and the spaces between them. @param {string} text */
const wordsOf = (text) => text.match(/\S+|\s+/g) ?? [];

/** By the longest common sequence. @param {string[]} old @param {string[]} now @returns {Piece[]} */
function compared(old, now) {
  if (old.length * now.length > MOST)
    return [
      { kind: "out", text: old.join("") },
      { kind: "in", text: now.join("") },
    ];
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      lengths[i * width + j] =
        old[i] === now[j]
          ? at(lengths, (i + 1) * width + j + 1) + 1
          : Math.max(at(lengths, (i + 1) * width + j), at(lengths, i * width + j + 1));
  /** @type {Piece[]} */
  const pieces = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    const [one, other] = [old[i], now[j]];
    if (one !== undefined && one === other) {
      pieces.push({ kind: "same", text: one });
      i += 1;
      j += 1;
    } else if (
      one !== undefined &&
      (other === undefined || at(lengths, (i + 1) * width + j) >= at(lengths, i * width + j + 1))
    ) {
      pieces.push({ kind: "out", text: one });
      i += 1;
    } else {
      pieces.push({ kind: "in", text: other ?? "" });
      j += 1;
    }
  }
  return pieces;
}

/** @param {Uint32Array} lengths @param {number} place */
const at = (lengths, place) => lengths[place] ?? 0;

/** Neighbours of one kind as one piece. @param {Piece[]} pieces @returns {Piece[]} */
function joined(pieces) {
  /** @type {Piece[]} */
  const all = [];
  for (const { kind, text } of pieces) {
    const last = all.at(-1);
    if (text === "") continue;
    if (last?.kind === kind) last.text += text;
    else all.push({ kind, text });
  }
  return all;
}
