"use client";
// The exercise in a page, which is also rendered on the server first.
import { AgentPhone, AgentPhoneError, NotFoundError, WebhookVerificationError, webhooks } from "agentphone-wasm";
import { LedgerError, memoryLedger } from "agentphone-wasm/ledger";
import { webhooks as alone } from "agentphone-wasm/webhooks";
import { useEffect } from "react";
import { exercise } from "../../../exercise.mjs";

export default function Page() {
  useEffect(() => {
    const options = {
      apiKey: "sk_test",
      baseUrl: new URL(location).searchParams.get("api"),
      dangerouslyAllowBrowser: true,
    };
    exercise(
      {
        AgentPhone,
        AgentPhoneError,
        NotFoundError,
        WebhookVerificationError,
        webhooks,
        alone,
        LedgerError,
        memoryLedger,
      },
      options,
    ).then(
      (said) => (globalThis.told = said),
      (error) => (globalThis.told = String(error?.stack ?? error)),
    );
  }, []);
  return <p>{typeof AgentPhone}</p>;
}
