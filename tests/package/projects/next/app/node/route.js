// The exercise in a server route, in the runtime "nodejs".
import { AgentPhone, AgentPhoneError, NotFoundError, WebhookVerificationError, webhooks } from "agentphone-wasm";
import { exercise } from "../../../exercise.mjs";

export const runtime = "nodejs";
export const dynamic = "force-dynamic";

export const GET = async () => {
  try {
    return new Response(await exercise({ AgentPhone, AgentPhoneError, NotFoundError, WebhookVerificationError, webhooks }));
  } catch (error) {
    return new Response(String(error?.stack ?? error), { status: 500 });
  }
};
