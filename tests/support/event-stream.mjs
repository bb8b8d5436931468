// Live transcripts as a server tells them, whole and broken, and what a client has read of one.
import { AgentPhoneError } from "agentphone-wasm";

export const sse = (/** @type {string} */ event, /** @type {unknown} */ data) =>
  `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
export const turn = (/** @type {string} */ content, role = "user") =>
  sse("turn", { role, content, createdAt: "2026-11-22T10:00:00Z" });
export const CONNECTED = sse("connected", { callId: "call_1", status: "in-progress" });
export const ENDED = sse("ended", { callId: "call_1", status: "completed", durationSeconds: 7 });
export const HEARTBEAT = ": heartbeat\n\n";

/**
 * The action of a server that sends these pieces, each in a chunk of its own, `everyMs` apart, and then
 * ends, is `cut` in mid-answer, or stays `open`.
 * @param {string | string[]} pieces
 * @returns {import("./hostile-server.mjs").Action}
 */
export const events = (pieces, { then = "end", everyMs = 0, type = "text/event-stream" } = {}) => ({
  performs: false,
  run(response, request) {
    response.writeHead(200, { "content-type": type });
    response.flushHeaders();
    const rest = [pieces].flat();
    const step = () => {
      if (response.destroyed) return;
      if (rest.length > 0) {
        response.write(rest.shift());
        setTimeout(step, everyMs);
      } else if (then === "end") response.end();
      else if (then === "cut") setTimeout(() => request.socket.destroy(), 10);
    };
    step();
  },
});

/**
 * Reads all of a stream: its events, and the error that ended it.
 * @param {import("agentphone-wasm").TranscriptStream} stream
 */
export async function readAll(stream) {
  /** @type {import("agentphone-wasm").TranscriptStreamEvent[]} */
  const read = [];
  try {
    for await (const event of stream) read.push(event);
  } catch (error) {
    if (!(error instanceof AgentPhoneError)) throw error;
    return { read, said: said(read), error };
  }
  return { read, said: said(read) };
}

/** What was said, and the other events by their names. @param {{ event: string, data?: unknown }[]} read */
export const said = (read) =>
  read
    .map(({ event, data }) =>
      event === "turn" ? /** @type {{ content?: string } | undefined} */ (data)?.content : event,
    )
    .join(" ");

/** Reconnections at once: the jitter of their pauses is drawn as zero. For a file that runs in a process of its own. */
export const withoutPauses = () => {
  Math.random = () => 0;
};
