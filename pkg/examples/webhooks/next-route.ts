// Next.js: put this into app/webhook/route.ts. It needs no bodyParser switch: route handlers get the
// request as it came.
import { voice, WebhookVerificationError, webhooks } from "agentphone-wasm/webhooks";
import { once } from "./handler.mjs";

export const POST = async (request: Request): Promise<Response> => {
  try {
    const secret = process.env.AGENTPHONE_WEBHOOK_SECRET ?? "";
    const event = webhooks.verify({ body: await request.text(), headers: request.headers, secret });
    const answer = await once(event);
    return answer === undefined ? new Response(null, { status: 204 }) : voice.response(answer);
  } catch (error) {
    // Anything but a 2xx brings the delivery again. A forgery is not worth more than a 400; anything else is a mistake of ours
    // (no secret, a bug in the handler), and must be seen.
    if (!(error instanceof WebhookVerificationError)) console.error(error);
    return new Response(null, { status: error instanceof WebhookVerificationError ? 400 : 500 });
  }
};
