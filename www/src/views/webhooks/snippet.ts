// How a server checks what comes to its webhook; a test of the console runs just this text.

export const SNIPPET = `import { webhooks, WebhookVerificationError } from "agentphone-wasm";

export async function POST(request) {
  const body = await request.text(); // as it came: what is signed are these bytes
  try {
    const event = webhooks.verify({ body, headers: request.headers, secret: process.env.AGENTPHONE_WEBHOOK_SECRET });
    console.log(event.event, event.channel);
    return new Response(null, { status: 204 });
  } catch (error) {
    if (error instanceof WebhookVerificationError) return new Response(error.reason, { status: 400 });
    throw error;
  }
}
`;
