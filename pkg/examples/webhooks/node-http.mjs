// Node's own server: AGENTPHONE_WEBHOOK_SECRET=whsec_... node node-http.mjs
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { voice, WebhookVerificationError, webhooks } from "agentphone-wasm/webhooks";
import { once } from "./handler.mjs";

const rawBody = async (request) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
};

export const server = createServer(async (request, response) => {
  let answer;
  try {
    const secret = process.env.AGENTPHONE_WEBHOOK_SECRET;
    const event = webhooks.verify({ body: await rawBody(request), headers: request.headers, secret });
    answer = await once(event);
  } catch (error) {
    // Anything but a 2xx brings the delivery again. A forgery is not worth more than a 400; anything else is a mistake of ours
    // (no secret, a bug in the handler), and must be seen.
    if (!(error instanceof WebhookVerificationError)) console.error(error);
    response.writeHead(error instanceof WebhookVerificationError ? 400 : 500).end();
    return;
  }
  if (answer === undefined) {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, { "content-type": voice.contentType });
  // Fails when the caller hangs up in the middle; the source of the answer is stopped then.
  await pipeline(Readable.from(voice.lines(answer)), response).catch(() => {});
});

if (process.argv[1] === fileURLToPath(import.meta.url)) server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
