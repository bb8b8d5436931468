// The corner where news is shown.

import { X } from "lucide-preact";
import { Problem } from "../ui/problem.js";
import { dismiss, notices, reading } from "./notices.js";

/** The news. */
export function Notices() {
  return (
    <div
      class="notices"
      role="status"
      aria-live="polite"
      onPointerEnter={() => reading(true)}
      onPointerLeave={() => reading(false)}
      onFocusIn={() => reading(true)}
      onFocusOut={() => reading(false)}
    >
      {notices.value.map(({ id, tone, text, error, undo }) => (
        <div key={id} class={`notice ${tone}`}>
          <div>
            {text !== "" && <p>{text}</p>}
            <Problem error={error} />
          </div>
          {undo && (
            <button
              type="button"
              onClick={() => {
                dismiss(id);
                undo();
              }}
            >
              Undo
            </button>
          )}
          <button type="button" class="icon" aria-label="Close" onClick={() => dismiss(id)}>
            <X aria-hidden="true" size={16} />
          </button>
        </div>
      ))}
    </div>
  );
}
