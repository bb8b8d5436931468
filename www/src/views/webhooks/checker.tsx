// The signature checker: paste a delivery and a secret, and read why it does not verify. All of it happens in the page.

import { webhooks } from "agentphone-wasm";
import { ShieldAlert, ShieldCheck } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { setFilter } from "../../app/location.js";
import { Action } from "../../ui/action.js";
import { TextBox } from "../../ui/checked-field.js";
import { Dialog } from "../../ui/dialog.js";
import { RAW_BODY } from "./body-forms.js";
import { toCheck } from "./check-request.js";
import styles from "./checker.module.css";
import { pretty } from "./delivery-facts.js";
import { type Diagnosis, diagnose, type Finding } from "./diagnose.js";
import { readPaste } from "./paste.js";
import { type NamedSecret, readSecrets } from "./secrets.js";

const EXAMPLE = `X-Webhook-Signature: sha256=…
X-Webhook-Timestamp: 1795348800`;

const linesOf = (headers: Record<string, string>): string =>
  Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");

/** The dialog. */
export function Checker() {
  const [given] = useState(() => toCheck.peek());
  const [headers, setHeaders] = useState(() => (given === undefined ? "" : linesOf(given.headers)));
  const [body, setBody] = useState(given?.body ?? "");
  const [secret, setSecret] = useState("");
  // Never drawn: the page holds them for as long as this is open.
  const [named, setNamed] = useState<readonly NamedSecret[] | undefined>(undefined);
  const read = readPaste(headers);
  const whole = body === "" ? (read.body ?? "") : body;
  const empty = headers.trim() === "" && body === "";
  useEffect(() => () => void (toCheck.value = undefined), []);
  return (
    <Dialog title="Check a signature" onClose={() => setFilter({ check: "" })} class={styles.dialog}>
      <p class="muted">
        Paste a delivery as your server received it, and the secret that it verifies with. Nothing leaves this page.
      </p>
      <div class={styles.columns}>
        <div class={styles.inputs}>
          <TextBox
            label="Headers"
            rows={6}
            mono
            value={headers}
            onValue={setHeaders}
            placeholder={EXAMPLE}
            hint="As lines, as JSON, or the whole request."
          />
          <TextBox
            label="Body"
            rows={7}
            mono
            value={whole}
            onValue={setBody}
            placeholder='{"event":"agent.message",…}'
            hint="Every byte counts: unformatted, as it was received."
          />
          <TextBox label="Secret" mono value={secret} onValue={setSecret} placeholder="whsec_…" />
          <div class="row">
            <Action run={async () => setNamed(await readSecrets())}>Try the secrets of this account</Action>
            {named !== undefined && (
              <span class="muted small" role="status">
                {named.length === 0
                  ? "This account has no webhook."
                  : `Tried: ${named.map(({ whose }) => whose).join(", ")}.`}
              </span>
            )}
          </div>
        </div>
        <div class={styles.result} role="status" aria-label="Result">
          {empty ? (
            <p class="muted">The result appears here while you paste.</p>
          ) : (
            <Result
              diagnosis={diagnose(webhooks, {
                headers: read.headers,
                body: whole,
                secret,
                now: Date.now(),
                ...(named === undefined ? {} : { named }),
              })}
            />
          )}
        </div>
      </div>
    </Dialog>
  );
}

function Result({ diagnosis: { genuine, findings, event } }: { diagnosis: Diagnosis }) {
  const Icon = genuine ? ShieldCheck : ShieldAlert;
  const raw = findings.some((finding) => finding.raw === true);
  return (
    <>
      <p class={genuine ? styles.genuine : styles.refused}>
        <Icon aria-hidden="true" size={20} />
        {genuine ? "Genuine: the signature is right." : "It does not verify."}
      </p>
      <ol class={styles.findings}>
        {findings.map((finding) => (
          <Item key={finding.title} finding={finding} />
        ))}
      </ol>
      {raw && <RawBody />}
      {event !== undefined && (
        <details>
          <summary>The event</summary>
          <pre class={styles.event} tabIndex={0} role="group" aria-label="The event">
            {pretty(JSON.stringify(event))}
          </pre>
        </details>
      )}
    </>
  );
}

const Item = ({ finding: { tone, title, text } }: { finding: Finding }) => (
  <li class={tone === "bad" ? styles.bad : styles.note}>
    <strong>{title}</strong>
    <p>{text}</p>
  </li>
);

/** How the raw body is read in the usual frameworks. */
function RawBody() {
  return (
    <dl class={styles.raw}>
      {RAW_BODY.map(([framework, how]) => (
        <div key={framework}>
          <dt>{framework}</dt>
          <dd>
            <code>{how}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
