// Hono, on whatever runtime it is served by.
import { voice, WebhookVerificationError, webhooks } from "agentphone-wasm/webhooks";
import { Hono } from "hono";
import { env } from "hono/adapter";
import { once } from "./handler.mjs";

const app = new Hono();

app.post("/webhook", async (context) => {
  const { AGENTPHONE_WEBHOOK_SECRET: secret } = env(context);
  const body = await context.req.arrayBuffer();
  const event = webhooks.verify({ body, headers: context.req.raw.headers, secret });
  const answer = await once(event);
  return answer === undefined ? context.body(null, 204) : voice.response(answer);
});

// Anything but a 2xx brings the delivery again. A forgery is not worth more than a 400; anything else is a mistake of ours
// (no secret, a bug in the handler), and must be seen.
app.onError((error, context) => {
  if (!(error instanceof WebhookVerificationError)) console.error(error);
  return context.body(null, error instanceof WebhookVerificationError ? 400 : 500);
});

export default app;
