// Sending a test event to a webhook, and what came of it.

import type { WebhookTestResult } from "agentphone-wasm";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { changed } from "../../data/queries.js";
import { Action } from "../../ui/action.js";
import { ChoiceBox, TextBox } from "../../ui/checked-field.js";
import { millis } from "../../ui/format.js";
import type { Endpoint, TestEvent } from "./endpoint.js";
import styles from "./webhook-card.module.css";

const CHANNELS = ["sms", "mms", "imessage", "whatsapp", "rcs"] as const;
const isChannel = (value: string): value is (typeof CHANNELS)[number] => CHANNELS.some((known) => known === value);

/** The button, with others beside it, and the result. */
export function TestWebhook({
  endpoint,
  icon,
  children,
}: {
  endpoint: Endpoint;
  icon: ComponentChildren;
  children: ComponentChildren;
}) {
  const [result, setResult] = useState<WebhookTestResult | undefined>(undefined);
  const [message, setMessage] = useState("");
  const [channel, setChannel] = useState<string>("sms");
  const run = async (): Promise<void> => {
    setResult(undefined);
    const event: TestEvent = {
      ...(isChannel(channel) ? { channel } : {}),
      ...(message.trim() === "" ? {} : { message: message.trim() }),
    };
    setResult(await endpoint.test(event));
    void changed("webhooks", "deliveries");
  };
  return (
    <>
      <div class="row">
        <Action run={run}>
          {icon}
          Send a test event
        </Action>
        {children}
      </div>
      <div role="status" class={styles.result}>
        {result && <Result result={result} />}
      </div>
      {endpoint.agentId === undefined && (
        <details class="fold">
          <summary>What the test event says</summary>
          <div class="pair">
            <ChoiceBox
              label="Channel"
              value={channel}
              onValue={setChannel}
              options={CHANNELS.map((value) => ({ value, label: value }))}
            />
            <TextBox label="Text" value={message} onValue={setMessage} placeholder="This is a test of your webhook." />
          </div>
        </details>
      )}
    </>
  );
}

/** The published sources spell the fields in two ways. */
function Result({
  result: { success, httpStatus, statusCode, errorMessage, error, responseMs },
}: {
  result: WebhookTestResult;
}) {
  const status = httpStatus ?? statusCode;
  const why = errorMessage ?? error;
  return (
    <p>
      <span class={`badge ${success ? "good" : "bad"}`}>{success ? "Delivered" : "Failed"}</span>{" "}
      {typeof status === "number"
        ? `Your server answered ${status}`
        : success
          ? "Your server took it"
          : "Your server did not answer"}
      {typeof responseMs === "number" && `, in ${millis(responseMs)}`}
      {typeof why === "string" && why !== `HTTP ${status}` && `: ${why}`}.
    </p>
  );
}
