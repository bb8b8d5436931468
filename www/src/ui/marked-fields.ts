// Which fields of a form say by themselves what is wrong with them.

import { createContext } from "preact";
import type { FieldErrors } from "./field-errors.js";

/** What the last attempt to send a form found, by the field's name in one spelling (`sameField`). */
export const FormErrors = createContext<FieldErrors>({});

/** The fields that show it, in the same spelling. */
export const MarkedFields = createContext<ReadonlySet<string>>(new Set());
