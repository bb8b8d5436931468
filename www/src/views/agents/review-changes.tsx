// What is about to be saved, before and after, setting by setting.

import type { Agent, CustomTool, UpdateAgentRequest } from "agentphone-wasm";
import { Dialog } from "../../ui/dialog.js";
import { count } from "../../ui/format.js";
import styles from "./agents.module.css";
import { diffWords } from "./diff.js";
import { labelOf } from "./settings.js";

interface ReviewChangesProps {
  agent: Agent;
  body: UpdateAgentRequest;
  close: () => void;
  save: () => void;
}

/** The dialog. */
export function ReviewChanges({ agent, body, close, save }: ReviewChangesProps) {
  const names = Object.keys(body) as (keyof UpdateAgentRequest & keyof Agent)[];
  return (
    <Dialog title={`${count(names.length, "change")} of ${agent.name}`} onClose={close} wide>
      <dl class={styles.changes}>
        {names.map((name) => (
          <div key={name}>
            <dt>{labelOf(name)}</dt>
            <dd>
              <Change before={wordsOf(agent[name])} after={wordsOf(body[name])} />
            </dd>
          </div>
        ))}
      </dl>
      <div class="row end">
        <button type="button" onClick={close}>
          Keep editing
        </button>
        <button type="button" class="primary" onClick={save}>
          Save {count(names.length, "change")}
        </button>
      </div>
    </Dialog>
  );
}

/** A value as it reads; tools as their JSON, a line for each field. */
function wordsOf(value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  if (Array.isArray(value)) return (value as CustomTool[]).map((tool) => JSON.stringify(tool, null, 1)).join("\n");
  if (typeof value === "boolean") return value ? "on" : "off";
  return String(value);
}

function Change({ before, after }: { before: string; after: string }) {
  if (before === "" || after === "")
    return (
      <p>
        {before === "" ? <Plain text="not set" /> : <del>{before}</del>}
        <Arrow />
        {after === "" ? <Plain text="not set" /> : <ins>{after}</ins>}
      </p>
    );
  return (
    <p class={styles.text}>
      {diffWords(before, after).map(({ kind, text }, index) =>
        kind === "same" ? (
          <span key={index}>{text}</span>
        ) : kind === "out" ? (
          <del key={index}>{text}</del>
        ) : (
          <ins key={index}>{text}</ins>
        ),
      )}
    </p>
  );
}

const Plain = ({ text }: { text: string }) => <span class="muted">{text}</span>;
const Arrow = () => (
  <span class="muted">
    {" "}
    <span aria-hidden="true">→</span>
    <span class="hidden">becomes</span>{" "}
  </span>
);
