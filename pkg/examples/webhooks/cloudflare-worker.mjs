// Cloudflare Worker: `wrangler secret put AGENTPHONE_WEBHOOK_SECRET`, then `wrangler deploy`. A worker runs
// in many places at once: give `webhooks.deduplicate` a store that they share (a Durable Object, say).
import { voice, WebhookVerificationError, webhooks } from "agentphone-wasm/webhooks";
import { once } from "./handler.mjs";

export default {
  async fetch(request, env) {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    try {
      const body = await request.arrayBuffer();
      const event = webhooks.verify({ body, headers: request.headers, secret: env.AGENTPHONE_WEBHOOK_SECRET });
      const answer = await once(event);
      return answer === undefined ? new Response(null, { status: 204 }) : voice.response(answer);
    } catch (error) {
      // Anything but a 2xx brings the delivery again. A forgery is not worth more than a 400; anything else is a mistake of ours
      // (no secret, a bug in the handler), and must be seen.
      if (!(error instanceof WebhookVerificationError)) console.error(error);
      return new Response(null, { status: error instanceof WebhookVerificationError ? 400 : 500 });
    }
  },
};
