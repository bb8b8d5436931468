// What is wrong with single fields: from the page's own checks or from the API's answer, by the field's name.

import { AgentPhoneError, type AnyAgentPhoneError } from "agentphone-wasm";

/** Words by field. */
export type FieldErrors = Readonly<Partial<Record<string, string>>>;

/**
 * What an error of the API says of fields: `body.tools.0.url` is told of `tools.0.url` and of `tools`, so that a
 * form finds it however finely it looks.
 */
export function fieldErrors(error: unknown): FieldErrors {
  if (error instanceof NotYet) return error.errors;
  const found: Record<string, string> = {};
  if (!AgentPhoneError.is(error)) return found;
  for (const { field, message } of [...error.details, ...ownRefusal(error)]) {
    const path = field.replace(/^body\./, "").replaceAll(/\[(\d+)\]/g, ".$1");
    const [root = path] = path.split(".");
    found[path] ??= message;
    found[root] ??= message;
  }
  return found;
}

/**
 * What the client refuses by itself it tells as `agents.update: voiceSpeed must be …`, without details. Other words
 * would mark no field; the form shows them in any case.
 */
function ownRefusal({ code, message }: AnyAgentPhoneError): { field: string; message: string }[] {
  if (code !== "INVALID_ARGUMENT") return [];
  const [, field, words] = /^[\w.]+: ([\w.[\]]+) ((?:must|is) .+?)(?: \(INVALID_ARGUMENT\))?\.?$/.exec(message) ?? [];
  return field === undefined || words === undefined ? [] : [{ field, message: `It ${words}.` }];
}

/** Thrown by a form whose own checks failed: says where to look, because the fields say the rest. */
export class NotYet extends Error {
  readonly errors: FieldErrors;

  constructor(errors: FieldErrors) {
    const count = Object.keys(errors).length;
    super(count === 1 ? "One field must be corrected." : `${count} fields must be corrected.`);
    this.errors = errors;
  }
}

/** Brings whoever fills in a form to the first field that is wrong, out of a fold if need be. */
export function showFirstError(form: HTMLElement): void {
  // The marks are drawn in the next turn.
  setTimeout(() => {
    const field = form.querySelector<HTMLElement>('[aria-invalid="true"]');
    const fold = field?.closest("details");
    if (fold) fold.open = true;
    field?.focus();
  });
}
