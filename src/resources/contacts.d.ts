// Contacts: the people that agents call and write to.

import type { ApiPromise, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";

/** A contact. */
export interface Contact {
  /** Id; opaque. */
  id: string;
  /** E.164. */
  phoneNumber: string;
  name: string;
  email?: string | null | undefined;
  /** A note for people, in any words. */
  notes?: string | null | undefined;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** When it last changed, ISO 8601. */
  updatedAt: string;
}

/** A new contact. */
export interface CreateContactRequest {
  /** The number that identifies the contact, E.164. */
  phoneNumber: string;
  /** What to call the contact in lists and events. */
  name: string;
  /** Email address. */
  email?: string | null | undefined;
  /** A note for people, in any words. */
  notes?: string | null | undefined;
}

/** Only the keys that are present change; null clears. */
export interface UpdateContactRequest {
  /** A new number, E.164. */
  phoneNumber?: string | null | undefined;
  /** A new name, as in lists and events. */
  name?: string | null | undefined;
  /** Email address. */
  email?: string | null | undefined;
  /** A note for people, in any words. */
  notes?: string | null | undefined;
}

/** How a number can be written to. */
export interface ContactCapabilities {
  /** E.164. */
  phoneNumber: string;
  /** Which services reach the number. */
  capabilities: {
    /** Whether iMessage reaches it. */
    imessage: boolean;
    /** Whether SMS reaches it. */
    sms: boolean;
  };
  /** When it was looked up, ISO 8601. */
  checkedAt: string;
}

/** Which contacts, and which page of them. */
export interface ContactsQuery {
  /** Items a page, 1 to 200. Default: 50. */
  limit?: number | undefined;
  /** Items to skip. Default: 0. */
  offset?: number | undefined;
  /** Part of a name or number. */
  search?: string | undefined;
}

/** Which number to ask about. */
export interface ContactCapabilitiesQuery {
  /** E.164. */
  phone_number: string;
}

/** Contacts. */
export interface ContactsResource {
  /**
   * Lists contacts, a page at a time.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const firstThousand = await client.contacts.list({ limit: 200 }).toArray({ limit: 1000 });
   * ```
   */
  list(query?: ContactsQuery, options?: RequestOptions): PagePromise<Contact>;

  /**
   * Creates a contact. A number has one contact at most.
   *
   * Effect class: idempotent (a repeat is refused with a conflict). Free. Errors: `ConflictError` (the
   * number has a contact), `ValidationError`, and those of every request.
   *
   * ```ts
   * const contact = await client.contacts.create({ phoneNumber: "+14155550101", name: "Grace" });
   * await client.contacts.update(contact.id, { notes: "Prefers texts." });
   * await client.contacts.delete(contact.id);
   * ```
   */
  create(body: CreateContactRequest, options?: RequestOptions): ApiPromise<Contact>;

  /**
   * Tells whether iMessage and SMS reach a number.
   *
   * Effect class: read. Free. Errors: `ValidationError`, and those of every request.
   *
   * ```ts
   * const { capabilities } = await client.contacts.capabilities({ phone_number: "+14155550100" });
   * console.log(capabilities.imessage ? "blue" : "green");
   * ```
   */
  capabilities(query: ContactCapabilitiesQuery, options?: RequestOptions): ApiPromise<ContactCapabilities>;

  /**
   * Reads a contact.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   */
  get(contactId: string, options?: RequestOptions): ApiPromise<Contact>;

  /**
   * Changes a contact: null clears a field, absence leaves it.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, `ConflictError` (another contact has the
   * number), `ValidationError`, and those of every request.
   */
  update(contactId: string, body: UpdateContactRequest, options?: RequestOptions): ApiPromise<Contact>;

  /**
   * Deletes a contact.
   *
   * Effect class: idempotent. Free. Errors: `NotFoundError`, and those of every request.
   */
  delete(contactId: string, options?: RequestOptions): ApiPromise<void>;
}
