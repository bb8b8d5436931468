// Generates the bytes of long transcripts, the same in every run: turns as the API sends them, split into chunks
// at random.

/** Numbers from 0 to 1, determined by the seed (xorshift). */
const chance = (/** @type {number} */ seed) => {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};

const words = [
  "hello yes please could you tell me the opening hours of your office on Monday I will call again tomorrow",
  'thank you very much for calling the "order" is on its way and should be with you before the weekend',
]
  .join(" ")
  .split(" ");
const foreign = ["it’s", "très", "señor", "漢字", "👍"];

/**
 * Chunks of `size` bytes in total and `mean` bytes on average. `share` is the fraction of turns with a non-ASCII
 * character. Also returns the number of events and of bytes.
 */
export const transcript = (/** @type {{ size: number, mean: number, share: number }} */ { size, mean, share }) => {
  const random = chance(0x2545f491);
  const among = (/** @type {string[]} */ list) => list[Math.floor(random() * list.length)];
  const turn = (/** @type {number} */ number) => {
    const content = Array.from({ length: 4 + Math.floor(random() * 40) }, () => among(words));
    if (random() < share) content[content.length >> 1] = among(foreign);
    const createdAt = new Date(1_763_836_800_000 + number * 1700).toISOString();
    const data = { role: number % 2 ? "user" : "agent", content: content.join(" "), createdAt };
    return `event: turn\ndata: ${JSON.stringify(data)}\n\n`;
  };
  const connected = 'event: connected\ndata: {"callId":"call_1","status":"in-progress"}\n\n';
  const ended = 'event: ended\ndata: {"callId":"call_1","status":"completed"}\n\n';
  // Not Buffer, because this also runs in a page.
  const encoder = new TextEncoder();
  const parts = [encoder.encode(connected)];
  for (let bytes = 0; bytes < size; bytes += parts.at(-1)?.length ?? 0) parts.push(encoder.encode(turn(parts.length)));
  parts.push(encoder.encode(ended));
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    whole.set(part, filled);
    filled += part.length;
  }
  const chunks = [];
  for (let at = 0; at < whole.length; ) {
    const end = Math.min(whole.length, at + 1 + Math.floor(random() * 2 * mean));
    // Copies, because each chunk from a socket has its own buffer.
    chunks.push(whole.slice(at, end));
    at = end;
  }
  return { chunks, events: parts.length, bytes: whole.length };
};
