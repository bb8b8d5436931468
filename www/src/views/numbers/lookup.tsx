// What kind of line a number is, for up to 25 at once.

import type { NumberLookup } from "agentphone-wasm";
import { useState } from "preact/hooks";
import { api } from "../../session/session.js";
import { Form, text } from "../../ui/action.js";
import { Dialog } from "../../ui/dialog.js";
import { Area } from "../../ui/field.js";
import { count, words } from "../../ui/format.js";
import { e164, Phone } from "../../ui/values.js";
import styles from "./numbers.module.css";

/** Kinds whose words are not what people write. */
const LINES: Record<string, string> = { voip: "VoIP" };
/** The most that the API takes in one request. */
const MOST = 25;

/** What was typed as a list of numbers, each once. */
export async function numbersIn(typed: string): Promise<string[]> {
  const parts = typed.split(/[\n,;]+/).map((part) => part.trim());
  return [...new Set(await Promise.all(parts.filter((part) => part !== "").map((part) => e164(part))))];
}

/** The dialog. */
export function LookUp({ onClose }: { onClose: () => void }) {
  const [found, setFound] = useState<readonly NumberLookup[] | undefined>(undefined);
  const submit = async (data: FormData): Promise<void> => {
    const phoneNumbers = await numbersIn(text(data, "numbers"));
    if (phoneNumbers.length > MOST) throw new Error(`${MOST} numbers at most: there are ${phoneNumbers.length}.`);
    setFound((await api().numbers.lookup({ phoneNumbers })).data);
  };
  return (
    <Dialog title="Look up numbers" wide onClose={onClose}>
      <Form submit={submit} action="Look up">
        <Area
          label="Numbers"
          name="numbers"
          field="phoneNumbers"
          required
          autofocus
          rows={3}
          hint={`Up to ${MOST}, on lines of their own or with commas between them. Free.`}
        />
      </Form>
      <div role="status">{found !== undefined && <Found lines={found} />}</div>
    </Dialog>
  );
}

function Found({ lines }: { lines: readonly NumberLookup[] }) {
  return (
    <div class={styles.lines}>
      <table>
        <caption class="hidden">{count(lines.length, "number")} looked up</caption>
        <thead>
          <tr>
            <th scope="col">Number</th>
            <th scope="col">Line</th>
            <th scope="col">Country</th>
            <th scope="col">RCS</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ phoneNumber, lineType, country, rcsEnabled }) => (
            <tr key={phoneNumber}>
              <td>
                <Phone value={phoneNumber} />
              </td>
              <td>{lineType ? (LINES[lineType] ?? words(lineType)) : <span class="muted">Not known</span>}</td>
              <td>{country ?? "–"}</td>
              <td>{rcsEnabled === true ? "Yes" : rcsEnabled === false ? "No" : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
