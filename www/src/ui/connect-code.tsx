// How to connect a program: address, key, what to install, and ten lines that place a call; and whether its first request
// has arrived.

import { Check } from "lucide-preact";
import { useState } from "preact/hooks";
import { exchanges, hasLog, useExchanges } from "../data/exchanges.js";
import { operationOf } from "../data/operations.js";
import { addressForCode, isLive } from "../session/session.js";
import { Choices } from "./choices.js";
import { CodeBlock } from "./code-block.js";
import styles from "./connect-code.module.css";
import { environmentOf, LANGUAGES } from "./connect-snippets.js";
import { Copyable } from "./values.js";

/** Where `npx agentphone-sandbox` listens. */
const USUAL = "http://127.0.0.1:4010";

/** The instructions. */
export function ConnectCode() {
  const [chosen, choose] = useState(LANGUAGES[0]?.value ?? "typescript");
  const language = LANGUAGES.find(({ value }) => value === chosen);
  const address = isLive() ? undefined : (addressForCode() ?? USUAL);
  return (
    <div class={styles.connect}>
      {!hasLog() && <CodeBlock code={"npm install agentphone-wasm\nnpx agentphone-sandbox"} label="Start a sandbox" />}
      <dl class={`terms ${styles.facts}`}>
        <dt>Base URL</dt>
        <dd>
          <Copyable value={address ?? "https://api.agentphone.ai"} label="the base URL" />
        </dd>
        <dt>API key</dt>
        <dd>
          {address === undefined ? (
            <>
              yours, in <code>AGENTPHONE_API_KEY</code>
            </>
          ) : (
            <>
              <Copyable value="sk_test" label="the key" /> or any other that begins with <code>sk_</code>
            </>
          )}
        </dd>
        {address !== undefined && (
          <>
            <dt>Environment</dt>
            <dd>
              <Copyable value={environmentOf(address)} label="the variables" />
            </dd>
          </>
        )}
      </dl>
      <Choices label="Language" options={LANGUAGES} value={chosen} onValue={choose} />
      {language !== undefined && (
        <>
          {language.install !== "" && <CodeBlock code={language.install} label={`Install for ${language.label}`} />}
          <CodeBlock code={language.code(address)} label={`A first call in ${language.label}`} />
        </>
      )}
      {address === undefined && (
        <p class="hint">On a real account this buys a number ($3 a month) and rings a phone.</p>
      )}
    </div>
  );
}

/** Whether a program has sent a request. */
export function FirstRequest() {
  useExchanges();
  const first = exchanges.value?.[0];
  if (first === undefined)
    return (
      <p class={styles.waiting} role="status">
        Waiting for your first request…
      </p>
    );
  const name = first.operation ?? operationOf(first.method, first.target)?.id ?? first.target.split("?")[0];
  return (
    <p class={styles.arrived} role="status">
      <Check aria-hidden="true" size={18} />
      <span>
        Your code is connected: <code>{name}</code> {first.status === null ? "" : `got ${first.status}`}.{" "}
        <a href="#/requests">See its requests</a>
        {!isLive() && (
          <>
            {" "}
            or <a href="#/first-call">place a first call, step by step</a>.
          </>
        )}
      </span>
    </p>
  );
}
