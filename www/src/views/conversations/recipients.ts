// Whom somebody typed to write to: phone numbers in any usual form, short codes, addresses.

import { e164 } from "../../ui/values.js";

/** One recipient in its one form. */
function recipient(typed: string): Promise<string> {
  // A short code is no phone number, and an address even less.
  const asIs = /^\d{5,6}$/.test(typed) || typed.includes("@") || typed.startsWith("grp_");
  return asIs ? Promise.resolve(typed) : e164(typed);
}

/** Several, with commas or line breaks between them, each once. */
export async function recipientsIn(typed: string): Promise<string[]> {
  const parts = typed.split(/[,;\n]+/).map((part) => part.trim());
  return [...new Set(await Promise.all(parts.filter((part) => part !== "").map(recipient)))];
}

/** Whether a phone could ring there. */
export const canRing = (participant: string): boolean => /^\+\d{8,15}$/.test(participant);

/** Addresses of media, one a line. */
export const mediaIn = (typed: string): string[] => typed.split(/\s+/).filter((part) => part !== "");

/** The name of a file by its address; the address itself where it has none. */
export function fileName(address: string): string {
  try {
    const { pathname, hostname } = new URL(address);
    return decodeURIComponent(pathname.split("/").at(-1) ?? "") || hostname;
  } catch {
    return address;
  }
}

/** The address, if a browser may be sent there: the API gives what others wrote. */
export const safeHref = (address: string): string | undefined => (/^https?:\/\//i.test(address) ? address : undefined);
