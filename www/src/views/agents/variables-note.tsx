// What the placeholders of an agent are, where they are and how a call fills them in.

import { Braces } from "lucide-preact";
import { CodeBlock } from "../../ui/code-block.js";
import styles from "./agents.module.css";
import { labelOf } from "./settings.js";
import { brokenIn, exampleOf, variablesIn } from "./variables.js";

interface VariablesNoteProps {
  agentId: string;
  texts: Readonly<Record<string, string>>;
  hosted: boolean;
}

/** The note; nothing if there are none. */
export function VariablesNote({ agentId, texts, hosted }: VariablesNoteProps) {
  const variables = variablesIn(texts, hosted);
  const broken = [...new Set(Object.values(texts).flatMap(brokenIn))];
  if (variables.length === 0 && broken.length === 0) return null;
  const good = variables.some(({ problem }) => problem === undefined);
  return (
    <section class={styles.variables} aria-label="Variables">
      <h3>
        <Braces aria-hidden="true" size={16} />
        Variables
      </h3>
      <ul>
        {variables.map(({ name, places, problem }) => (
          <li key={name}>
            <code>{`{{${name}}}`}</code>{" "}
            <span class="muted small">{places.map((place) => labelOf(place).toLowerCase()).join(", ")}</span>
            {problem !== undefined && <p class={styles.warning}>{problem}</p>}
          </li>
        ))}
        {broken.map((text) => (
          <li key={text}>
            <code>{text}</code>
            <p class={styles.warning}>It is spoken as it stands here: a variable has two braces on each side.</p>
          </li>
        ))}
      </ul>
      {good && (
        <>
          <p class="hint">Each call gives them values. One without a value stays in the text.</p>
          <CodeBlock code={exampleOf(agentId, variables)} label="A call that fills them in" />
        </>
      )}
    </section>
  );
}
