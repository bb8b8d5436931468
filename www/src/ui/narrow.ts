// Whether the window is as narrow as a phone, where tables have no room for boxes and actions of their own.

import { signal } from "@preact/signals";

/** The width at which the styles of tables change, too. */
const query = matchMedia("(max-width: 46rem)");
/** True on a phone. */
export const narrow = signal(query.matches);
query.addEventListener("change", () => (narrow.value = query.matches));
