// Phone numbers of the account: held, on sale, looked up, bought and released.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise, PageQuery } from "../client/pages.js";
import type { ContactCardResource } from "./contact_card.js";
import type { NumberCallsResource, NumberMessagesResource } from "./number_history.js";
import type { VoiceRouting, VoiceRoutingResource } from "./voice_routing.js";

/** A phone number of the account. */
export interface PhoneNumber {
  /** Id; opaque. */
  id: string;
  /** E.164. */
  phoneNumber: string;
  /** Two-letter ISO code. */
  country: string;
  /** Released numbers can no longer call or text. */
  status: Open<"active" | "released">;
  /** Kind of line. Default: `sms`. */
  type?: Open<"sms" | "imessage"> | undefined;
  /** The agent that it is attached to; null if there is none. */
  agentId?: string | null | undefined;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** Whether the line may send texts. */
  outboundSms?: Open<"enabled" | "activating" | "registration_required"> | null | undefined;
  /** Whether calls to it are answered. */
  inboundCallsEnabled?: boolean | null | undefined;
  /** Whether read receipts are sent (iMessage). */
  readReceiptsEnabled?: boolean | null | undefined;
  /** Whether WhatsApp is on. */
  whatsappEnabled?: boolean | null | undefined;
  /** Allowance of new outbound contacts (iMessage lines). */
  dailyNewContacts?: DailyNewContacts | null | undefined;
  /** When it was bought, ISO 8601. */
  purchasedAt?: string | null | undefined;
  /** Your own tag. */
  externalId?: string | null | undefined;
  /** Automatic release time. ISO 8601 time. */
  expiresAt?: string | null | undefined;
  /** The line that this one replaces. */
  rcsFallbackForAlias?: string | null | undefined;
  /** Where calls to it go (`numbers.voiceRouting.update`). */
  voiceRouting?: VoiceRouting | null | undefined;
}

/** Allowance of new outbound contacts per day (iMessage lines). */
export interface DailyNewContacts {
  /** Used so far. */
  used?: number | undefined;
  /** The most there may be. */
  limit?: number | undefined;
}

/** Which number to buy; the API buys the first that fits. */
export interface BuyNumberRequest {
  /** Only US and CA can be bought by self-service. Default: `US`. */
  country?: string | undefined;
  /** Preference, US and CA. */
  areaCode?: string | null | undefined;
  /** The agent to attach it to at once. */
  agentId?: string | null | undefined;
  /** Kind of line. */
  type?: Open<"sms" | "imessage"> | undefined;
  /** iMessage tier; values not published. */
  imessageType?: string | undefined;
  /** Your own tag. */
  externalId?: string | undefined;
  /** Release automatically at this time. ISO 8601 time. */
  expiresAt?: string | undefined;
}

/** Only the keys that are present change; null clears. */
export interface UpdateNumberRequest {
  /** Your own tag; null clears it. */
  externalId?: string | null | undefined;
  /** Release automatically at this time, ISO 8601; null removes the time. */
  expiresAt?: string | null | undefined;
}

/** What was released. */
export interface ReleasedNumber {
  /** True when it was done. */
  success?: boolean | undefined;
  /** A sentence for people. */
  message?: string | undefined;
  /** Id; opaque. */
  id?: string | undefined;
  /** E.164. */
  phoneNumber?: string | undefined;
  status?: Open<"released"> | undefined;
}

/** A number on sale. */
export interface AvailableNumber {
  /** E.164. */
  phoneNumber: string;
  city?: string | null | undefined;
  /** State or province. */
  state?: string | null | undefined;
  /** The rate center that the number belongs to. */
  rateCenter?: string | null | undefined;
  /** The three digits after +1. */
  areaCode?: string | null | undefined;
}

/** What is known of a number. */
export interface NumberLookup {
  /** E.164. */
  phoneNumber: string;
  /** Kind of line, e.g. mobile. */
  lineType?: string | null | undefined;
  /** Two-letter ISO code. */
  country?: string | null | undefined;
  /** Whether RCS reaches it. */
  rcsEnabled?: boolean | null | undefined;
}

/** Which numbers to look up. */
export interface NumberLookupQuery {
  /** 1 to 25 numbers, E.164: an array, or a string with commas between them. */
  phoneNumbers: string | string[];
}

/** Where to look for numbers on sale. */
export interface AvailableNumbersQuery {
  /** The three digits after +1, e.g. `"415"`. */
  areaCode?: string | undefined;
  /** Only numbers of this city. */
  city?: string | undefined;
  /** Only numbers of this state or province. */
  state?: string | undefined;
  /** Only numbers near this postal code. */
  zip?: string | undefined;
  /** Two-letter ISO code; numbers are sold in US and CA. */
  country?: string | undefined;
  /** The most to return. */
  limit?: number | undefined;
}

/** Phone numbers. */
export interface NumbersResource {
  /** The contact card of a number (iMessage). */
  readonly contactCard: ContactCardResource;
  /** The texts that a number sent and received. */
  readonly messages: NumberMessagesResource;
  /** The calls that a number placed and received. */
  readonly calls: NumberCallsResource;
  /** Where the calls to a number go. */
  readonly voiceRouting: VoiceRoutingResource;

  /**
   * Lists the numbers of the account; released ones are left out.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  list(query?: PageQuery, options?: RequestOptions): PagePromise<PhoneNumber>;

  /**
   * Reads a number, released ones too.
   *
   * Effect class: read. Free. Errors: `PhoneNumberNotFoundError`, and those of every request.
   */
  get(numberId: string, options?: RequestOptions): ApiPromise<PhoneNumber>;

  /**
   * Searches for numbers on sale.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  available(query?: AvailableNumbersQuery, options?: RequestOptions): PagePromise<AvailableNumber>;

  /**
   * Tells what kind of line up to 25 numbers are.
   *
   * Effect class: read. Free. Errors: `ValidationError`, and those of every request.
   *
   * ```ts
   * const lines = await client.numbers.lookup({ phoneNumbers: ["+14155550100", "+14155550101"] });
   * console.log(lines.data.map((line) => line.lineType));
   * ```
   */
  lookup(query: NumberLookupQuery, options?: RequestOptions): PagePromise<NumberLookup>;

  /**
   * Buys a number: the first on sale that fits.
   *
   * Effect class: effect. **Costs $3.00 at once and each month**; a repeat buys another. The account
   * needs a balance of $3.00. Errors: `InsufficientBalanceError`, `NumberLimitError`,
   * `ValidationError`, `ConflictError`, and those of every request. Limited to 5 an hour.
   *
   * ```ts
   * const number = await client.numbers.buy({ country: "US", areaCode: "415" });
   * ```
   */
  buy(body?: BuyNumberRequest, options?: RequestOptions): ApiPromise<PhoneNumber>;

  /**
   * Changes the tag of a number or the time of its release.
   *
   * Effect class: idempotent. Free. Errors: `PhoneNumberNotFoundError`, `ValidationError`, and those of
   * every request.
   *
   * ```ts
   * await client.numbers.update(number.id, { externalId: "front desk", expiresAt: null });
   * ```
   */
  update(numberId: string, body: UpdateNumberRequest, options?: RequestOptions): ApiPromise<PhoneNumber>;

  /**
   * Releases a number for good: another account may get it.
   *
   * Effect class: idempotent. Ends its monthly cost. Errors: `PhoneNumberNotFoundError`, and those of
   * every request. Limited to 10 an hour.
   */
  release(numberId: string, options?: RequestOptions): ApiPromise<ReleasedNumber>;
}
