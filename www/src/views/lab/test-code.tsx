// A run as a test to copy.

import { useState } from "preact/hooks";
import { Choices } from "../../ui/choices.js";
import { CodeBlock } from "../../ui/code-block.js";
import { asTest, type Framework } from "./as-tests.js";
import { type Report, ruleOf } from "./run.js";

const FRAMEWORKS = [
  { value: "vitest", label: "vitest" },
  { value: "jest", label: "jest" },
  { value: "node", label: "node:test" },
] as const;

/** The section. */
export function TestCode({ report: { choice, told, happened } }: { report: Report }) {
  const [framework, choose] = useState<Framework>("vitest");
  const { fault, operation, retries, timeout } = choice;
  const code = asTest(
    {
      operation: operation.id,
      label: fault.label,
      rule: ruleOf(choice),
      retries,
      timeout,
      settles: fault.settles,
      happened,
      expected: told.ok ? undefined : { code: told.error.code, outcomeUnknown: told.error.outcomeUnknown },
    },
    framework,
  );
  return (
    <>
      <Choices label="Test framework" options={FRAMEWORKS} value={framework} onValue={choose} />
      <CodeBlock code={code} label={`A test for ${FRAMEWORKS.find(({ value }) => value === framework)?.label}`} />
    </>
  );
}
