// What to provoke, and how: kept in the address while one chooses.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Form } from "../../ui/action.js";
import { Field, Input, Select } from "../../ui/field.js";
import { count } from "../../ui/format.js";
import { FAULTS, type Fault, GROUPS } from "./catalogue.js";
import { type Choice, choose, fits, RETRIES } from "./choice.js";
import styles from "./form.module.css";
import { OPERATIONS } from "./operations.js";

/** The client's own patience for one attempt. */
const TIMEOUT = 60_000;
const HITS = [
  { value: "every", label: "every request" },
  { value: "first", label: "the first request only" },
];

const wordsOf = ({ label, about, group }: Fault): string => `${label} ${about} ${group}`.toLowerCase();

/** The faults by group, with a search that narrows them; the chosen one always stays. */
function FaultChoice({ fault }: { fault: Fault }) {
  const [sought, seek] = useState("");
  const parts = sought.toLowerCase().split(/\s+/);
  const found = FAULTS.filter((one) => one === fault || parts.every((part) => wordsOf(one).includes(part)));
  return (
    <>
      <Input
        label="Search the faults"
        type="search"
        value={sought}
        placeholder="timeout, 429, JSON…"
        hint={sought === "" ? `${FAULTS.length} faults` : count(found.length, "fault")}
        onInput={(event) => seek(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter here means the search, and not a run.
          if (event.key === "Enter") event.preventDefault();
        }}
      />
      <Field label="What goes wrong">
        {(control) => (
          <select
            {...control}
            name="fault"
            aria-describedby="lab-about"
            value={fault.id}
            onChange={(event) => choose("fault", event.currentTarget.value)}
          >
            {GROUPS.map((group) => {
              const some = found.filter((one) => one.group === group);
              return some.length === 0 ? null : (
                <optgroup key={group} label={group}>
                  {some.map((one) => (
                    <option key={one.id} value={one.id} selected={one.id === fault.id}>
                      {one.label}
                    </option>
                  ))}
                </optgroup>
              );
            })}
          </select>
        )}
      </Field>
    </>
  );
}

/** The form. */
export function ChoiceForm({
  choice,
  run,
  beside,
}: {
  choice: Choice;
  run: () => Promise<unknown>;
  beside: ComponentChildren;
}) {
  const { fault, operation, firstOnly, retries, timeout, abortAfter } = choice;
  const crowd = fault.burst !== undefined;
  return (
    <Form class={`card ${styles.form}`} label="What to provoke" submit={run} action="Run" beside={beside}>
      <div class={styles.fields}>
        <Field label="Operation">
          {(control) => (
            <select
              {...control}
              name="operation"
              value={operation.id}
              onChange={(event) => choose("operation", event.currentTarget.value)}
            >
              {OPERATIONS.map((one) => (
                <option key={one.id} value={one.id} disabled={!fits(fault, one)} selected={one.id === operation.id}>
                  {one.label}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FaultChoice fault={fault} />
        {!crowd && (
          <Select
            label="Affected requests"
            name="hits"
            options={HITS}
            value={firstOnly ? "first" : "every"}
            onChange={(event) => choose("hits", event.currentTarget.value === "first" ? "first" : "")}
          />
        )}
      </div>
      <p id="lab-about">{fault.about}</p>
      <details class="fold" open={retries !== RETRIES || abortAfter !== undefined || timeout !== fault.timeout}>
        <summary>Options of the client</summary>
        <div class={`${styles.fields} ${styles.options}`}>
          <Input
            label="Retries"
            type="number"
            name="retries"
            min={0}
            max={10}
            value={retries}
            hint="After the first request."
            onChange={(event) =>
              choose("retries", event.currentTarget.value === String(RETRIES) ? "" : event.currentTarget.value)
            }
          />
          <Input
            label="Timeout, ms"
            type="number"
            name="timeout"
            min={1}
            max={600_000}
            value={timeout ?? ""}
            placeholder={String(TIMEOUT)}
            hint="For one attempt."
            onChange={(event) => choose("timeout", event.currentTarget.value)}
          />
          {!crowd && (
            <Input
              label="Abort after, ms"
              type="number"
              name="abort"
              min={1}
              max={600_000}
              value={abortAfter ?? ""}
              placeholder="never"
              hint="As if somebody pressed Cancel."
              onChange={(event) => choose("abort", event.currentTarget.value)}
            />
          )}
        </div>
      </details>
    </Form>
  );
}
