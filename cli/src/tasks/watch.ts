// `calls watch`: the live transcript of a call.

import type { TranscriptStream } from "agentphone-wasm";
import colors from "picocolors";
import { requestOptions, withConnection } from "../connection.js";
import { EXIT } from "../failure.js";
import { json, line, localTime } from "../output/text.js";
import type { Context } from "../settings.js";

const shown = (event: string, data: Record<string, unknown>): string => {
  if (event === "connected") {
    const { fromNumber, toNumber, agentName, status } = data;
    const who = [fromNumber, toNumber].map((number) => line(String(number ?? "?"))).join(" → ");
    return colors.dim(`${who}${agentName ? `, ${line(String(agentName))}` : ""} (${line(String(status))})`);
  }
  if (event === "turn") {
    const { role, content, createdAt } = data;
    const time = typeof createdAt === "string" ? (localTime(createdAt)?.slice(11) ?? "") : "";
    const name = role === "agent" ? colors.cyan("agent") : colors.green(line(String(role)));
    return `${colors.dim(time.padEnd(8))}  ${name.padEnd(5)}  ${line(String(content))}`;
  }
  if (event === "ended") {
    const { status, durationSeconds } = data;
    const length = typeof durationSeconds === "number" ? `, ${Math.round(durationSeconds)} s` : "";
    return colors.dim(`ended: ${line(String(status))}${length}`);
  }
  return colors.dim(`${event} ${line(JSON.stringify(data))}`);
};

/** Prints a live transcript to its end: lines for people, or one JSON event per line. */
export const showTranscript = async ({ printer }: Context, stream: TranscriptStream): Promise<void> => {
  for await (const { event, data } of stream) {
    const text = printer.forPrograms ? json({ event, data }) : shown(event, data as unknown as Record<string, unknown>);
    await printer.write(`${text}\n`);
  }
};

/** `agentphone calls watch <call-id>`. */
export const watch = (context: Context, callId: string): Promise<number> =>
  withConnection(context, async ({ client }) => {
    await showTranscript(context, client.calls.transcript.stream(callId, requestOptions(context)));
    return EXIT.done;
  });
