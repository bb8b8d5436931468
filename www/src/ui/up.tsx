// The way from an object to the list of all of its kind, above the heading.

import { ArrowLeft } from "lucide-preact";

/** The link. */
export const Up = ({ to, children }: { to: string; children: string }) => (
  <p class="up">
    <a href={to}>
      <ArrowLeft aria-hidden="true" size={16} />
      {children}
    </a>
  </p>
);
