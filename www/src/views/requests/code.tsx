// A request as runnable code, with a button that copies it.

import { useState } from "preact/hooks";
import { addressForCode, isLive } from "../../session/session.js";
import { Choices } from "../../ui/choices.js";
import { CodeBlock } from "../../ui/code-block.js";
import { asClient, asCurl, asRule, asTest, type FullExchange } from "./as-code.js";
import styles from "./requests.module.css";

const API = "https://api.agentphone.ai";

const FORMS = [
  { value: "curl", label: "curl", about: "The key is read from AGENTPHONE_API_KEY." },
  { value: "client", label: "Client", about: "The same call through agentphone-wasm." },
  { value: "rule", label: "Fault rule", about: "Has the sandbox respond like this once more." },
  { value: "test", label: "Test", about: "For node:test, ready to run." },
] as const;
type Form = (typeof FORMS)[number]["value"];

function codeOf(form: Form, exchange: FullExchange): string {
  const address = isLive() ? undefined : addressForCode();
  if (form === "curl") return asCurl(exchange, address ?? API);
  if (form === "client") return asClient(exchange, address);
  return form === "rule" ? asRule(exchange) : asTest(exchange);
}

/** The section. */
export function CodeOf({ exchange }: { exchange: FullExchange }) {
  const [form, choose] = useState<Form>("curl");
  return (
    <section class={styles.side} aria-label="As code">
      <h3>As code</h3>
      <Choices label="As code" options={FORMS} value={form} onValue={choose} />
      <CodeBlock code={codeOf(form, exchange)} label={FORMS.find(({ value }) => value === form)?.label ?? form} />
      <p class="hint">{FORMS.find(({ value }) => value === form)?.about}</p>
    </section>
  );
}
