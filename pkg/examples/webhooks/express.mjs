// Express 5: AGENTPHONE_WEBHOOK_SECRET=whsec_... node express.mjs
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { voice, WebhookVerificationError, webhooks } from "agentphone-wasm/webhooks";
import express from "express";
import { once } from "./handler.mjs";

export const app = express();

// `raw`, not `json`: the signature is of the bytes. Put it before any `express.json()`.
app.post("/webhook", express.raw({ type: "*/*", limit: "1mb" }), async (request, response) => {
  const secret = process.env.AGENTPHONE_WEBHOOK_SECRET;
  const event = webhooks.verify({ body: request.body, headers: request.headers, secret });
  const answer = await once(event);
  if (answer === undefined) return response.sendStatus(204);
  response.type(voice.contentType);
  // Fails when the caller hangs up in the middle; the source of the answer is stopped then.
  return pipeline(Readable.from(voice.lines(answer)), response).catch(() => {});
});

// Anything but a 2xx brings the delivery again. A forgery is not worth more than a 400; anything else is a mistake of ours
// (no secret, a bug in the handler), and must be seen.
app.use((error, _request, response, _next) => {
  if (!(error instanceof WebhookVerificationError)) console.error(error);
  response.sendStatus(error instanceof WebhookVerificationError ? 400 : 500);
});

if (process.argv[1] === fileURLToPath(import.meta.url)) app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
