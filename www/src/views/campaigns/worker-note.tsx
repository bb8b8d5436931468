// Calls are placed by workers, which are elsewhere: what to run where none is waiting.

import { CodeBlock } from "../../ui/code-block.js";
import { commandsOf } from "./words.js";

/** In every dialog that lets a campaign begin. */
export const WorkerNote = ({ id, flags }: { id: string; flags: string }) => (
  <>
    <p>Workers that are waiting for it begin at once. If none is, run one:</p>
    <CodeBlock code={commandsOf(flags).start(id)} label="Run a worker" />
  </>
);
