// The exercise as a server route, whatever runtime Next gives it.
import { AgentPhone, AgentPhoneError, NotFoundError, WebhookVerificationError, webhooks } from "agentphone-wasm";
import { LedgerError, memoryLedger } from "agentphone-wasm/ledger";
import { webhooks as alone } from "agentphone-wasm/webhooks";
import { exercise } from "../../exercise.mjs";

export const GET = async () => {
  try {
    return new Response(
      await exercise({
        AgentPhone,
        AgentPhoneError,
        NotFoundError,
        WebhookVerificationError,
        webhooks,
        alone,
        LedgerError,
        memoryLedger,
      }),
    );
  } catch (error) {
    return new Response(String(error?.stack ?? error), { status: 500 });
  }
};
