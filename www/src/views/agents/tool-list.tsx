// The tools of an agent: which there are, and how one adds, opens and takes away.

import type { CustomTool } from "agentphone-wasm";
import { Pencil, Plus, Trash2 } from "lucide-preact";
import { Tag } from "../../ui/values.js";
import styles from "./settings.module.css";
import { MOST_TOOLS } from "./tool.js";

interface ToolListProps {
  tools: readonly CustomTool[];
  error: string | undefined;
  onChange: (tools: readonly CustomTool[]) => void;
  open: (index: number | "new") => void;
}

/** The list. */
export function ToolList({ tools, error, onChange, open }: ToolListProps) {
  const full = tools.length >= MOST_TOOLS;
  return (
    <div class={`field ${styles.tools}`}>
      <p class="muted small">Functions of your own that the model may call while it talks.</p>
      {tools.length > 0 && (
        <ul class="plain-list" aria-label="Tools">
          {tools.map((tool, index) => (
            <li key={`${index}-${tool.name}`} class={styles.tool}>
              <div class={styles.toolWords}>
                <p>
                  <code>{tool.name}</code> <Tag>{tool.method ?? "POST"}</Tag>
                </p>
                <p class="small muted cut" title={tool.url}>
                  {tool.description === "" ? tool.url : tool.description}
                </p>
              </div>
              <button type="button" class="icon" aria-label={`Edit the tool ${tool.name}`} onClick={() => open(index)}>
                <Pencil aria-hidden="true" size={16} />
              </button>
              <button
                type="button"
                class="icon"
                aria-label={`Take away the tool ${tool.name}`}
                onClick={() => onChange(tools.filter((_, place) => place !== index))}
              >
                <Trash2 aria-hidden="true" size={16} />
              </button>
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <p class="field-error">{error}</p>}
      <div class="row">
        <button type="button" disabled={full} onClick={() => open("new")}>
          <Plus aria-hidden="true" size={16} />
          Add a tool
        </button>
        <span class="muted small">
          {tools.length} of at most {MOST_TOOLS}
        </span>
      </div>
    </div>
  );
}
