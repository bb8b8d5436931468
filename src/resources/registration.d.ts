// 10DLC registration, without which US carriers accept no texts from a number.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";

/** A 10DLC registration: who you are and what you will send. Snake case on the wire. */
export interface RegistrationRequest {
  /** Kind of registration. `high_volume` costs $70, the others $25. */
  registration_type: "sole_proprietor" | "standard_brand" | "high_volume";
  /** First name of the person who registers. */
  first_name: string;
  /** Last name of the person who registers. */
  last_name: string;
  /** Email address of the person who registers. */
  email: string;
  /** Phone number of the person who registers, E.164. */
  phone_number: string;
  /** Legal name of the business. Needed for a brand. */
  business_name?: string | null | undefined;
  /** Name that recipients know. */
  brand_name?: string | null | undefined;
  /** Legal form. Needed for a brand. */
  organization_type?:
    | "sole_proprietor"
    | "private_corporation"
    | "public_corporation"
    | "llc"
    | "partnership"
    | "non_profit"
    | "co_op"
    | "government"
    | null
    | undefined;
  /** Position of the person who registers. Needed for a brand. */
  contact_title?: "ceo" | "cfo" | "cto" | "coo" | "vp" | "gm" | "director" | "other" | null | undefined;
  /** Position, when `contact_title` is `other`. */
  contact_title_other?: string | null | undefined;
  /** Tax number. Needed for a brand. */
  ein?: string | null | undefined;
  /** Website of the business. */
  website_url?: string | null | undefined;
  /** Industry of the business. */
  industry?: string | null | undefined;
  /** Where the business is active. Default: `usa_and_canada`. */
  business_regions?: string[] | undefined;
  /** The street and house number of the business address. */
  street_address: string;
  /** The second line of the business address, e.g. a suite. */
  street_address_2?: string | null | undefined;
  /** The city of the business address. */
  city: string;
  /** The state of the business address. */
  state: string;
  /** The postal code of the business address. */
  zip_code: string;
  /** Two-letter ISO code. Default: `US`. */
  country?: string | undefined;
  /** How many numbers will send. Default: `1`. */
  planned_numbers?: number | undefined;
  /** What you do and what you send. At least 40 characters. */
  description: string;
  /** What the texts are for. 1 to 5 items. */
  use_cases: Array<
    | "account_notification"
    | "customer_care"
    | "delivery_notification"
    | "fraud_alert"
    | "higher_education"
    | "marketing"
    | "polling_voting"
    | "public_service_announcement"
    | "security_alert"
    | "two_factor_authentication"
  >;
  /** How much will be sent. Default: `low`. */
  volume?: "low" | "high" | undefined;
  /** Examples of the texts. 2 to 5 items, 20 to 1024 characters each. */
  message_samples: string[];
  /** How recipients agree to be written to. At least 40 characters. */
  consent_flow: string;
  /** Address of the privacy policy. Needed for a brand. */
  privacy_policy_url?: string | null | undefined;
  /** Address of the terms of service. Needed for a brand. */
  terms_of_service_url?: string | null | undefined;
  /** Public PNG, JPG, WEBP or GIF, 2 MB at most. */
  opt_in_image_url: string;
  /** What the texts may contain. */
  includes?: Array<"links" | "phone_numbers" | "age_gated" | "direct_lending"> | undefined;
  /** Example of a link in the texts. */
  link_sample?: string | null | undefined;
  /** Whether the registration gets a sub-account of its own. Default: `true`. */
  create_sub_account?: boolean | undefined;
}

/** The registration as submitted. */
export interface RegistrationResponse {
  /** True when it was submitted. */
  ok: boolean;
  /** A sentence for people. */
  message: string;
  /** State of the registration. */
  campaign_status: string;
  /** The sub-account that was made for it. */
  sub_account_id?: string | null | undefined;
  /** What was charged, in US cents. Default: `2500`. */
  fee_cents?: number | undefined;
}

/** How far the review is. */
export interface RegistrationStatus {
  /** State of the registration. */
  campaign_status: Open<"none" | "pending" | "approved" | "rejected">;
  /** A sentence for people. */
  message: string;
  /** Step of the review that it is at. */
  stage?: string | null | undefined;
}

/** Campaign status, brand and campaign data. Its fields are not documented. */
export type RegistrationDetail = Record<string, unknown>;

/** Only the keys that are present change. */
export interface UpdateRegistrationRequest {
  /** Legal name of the business. Needed for a brand. */
  business_name?: string | null | undefined;
  /** Name that recipients know. */
  brand_name?: string | null | undefined;
  /** Website of the business. */
  website_url?: string | null | undefined;
  /** What you do and what you send. At least 40 characters. */
  description?: string | undefined;
  /** What the texts are for. 1 to 5 items. */
  use_cases?:
    | Array<
        | "account_notification"
        | "customer_care"
        | "delivery_notification"
        | "fraud_alert"
        | "higher_education"
        | "marketing"
        | "polling_voting"
        | "public_service_announcement"
        | "security_alert"
        | "two_factor_authentication"
      >
    | undefined;
  /** How much will be sent. Default: `low`. */
  volume?: "low" | "high" | undefined;
  /** Examples of the texts. 2 to 5 items, 20 to 1024 characters each. */
  message_samples?: string[] | undefined;
  /** How recipients agree to be written to. At least 40 characters. */
  consent_flow?: string | undefined;
  /** Address of the privacy policy. Needed for a brand. */
  privacy_policy_url?: string | null | undefined;
  /** Address of the terms of service. Needed for a brand. */
  terms_of_service_url?: string | null | undefined;
  /** Public PNG, JPG, WEBP or GIF, 2 MB at most. */
  opt_in_image_url?: string | undefined;
  /** What the texts may contain. */
  includes?: Array<"links" | "phone_numbers" | "age_gated" | "direct_lending"> | undefined;
  /** Example of a link in the texts. */
  link_sample?: string | null | undefined;
}

/** 10DLC registration. */
export interface RegistrationResource {
  /**
   * Submits a registration. The review takes 7 to 10 working days.
   *
   * Effect class: effect. **Costs $25, high volume $70, at once**; a repeat is charged again. Errors:
   * `InsufficientBalanceError`, `ConflictError`, `ValidationError`, and those of every request. Limited
   * to 5 an hour.
   *
   * ```ts
   * await client.registration.create({
   *   registration_type: "sole_proprietor",
   *   first_name: "Ada",
   *   last_name: "Baker",
   *   email: "ada@example.com",
   *   phone_number: "+14155550100",
   *   street_address: "1 Market Street",
   *   city: "San Francisco",
   *   state: "CA",
   *   zip_code: "94105",
   *   description: "A bakery that tells its customers when their order is ready.",
   *   use_cases: ["customer_care"],
   *   message_samples: ["Your order is ready to be picked up.", "We open at seven tomorrow morning."],
   *   consent_flow: "Customers tick a box on the order form that asks to be texted.",
   *   opt_in_image_url: "https://example.com/opt-in.png",
   *   create_sub_account: false,
   * });
   * ```
   */
  create(body: RegistrationRequest, options?: RequestOptions): ApiPromise<RegistrationResponse>;

  /**
   * Reads the registration, brand and campaign.
   *
   * Effect class: read. Free. Errors: `NotFoundError`, and those of every request.
   */
  get(options?: RequestOptions): ApiPromise<RegistrationDetail>;

  /**
   * Changes a registration that is still pending.
   *
   * Effect class: idempotent. Free. Errors: `ValidationError`, `NotFoundError`, and those of every
   * request.
   */
  update(body: UpdateRegistrationRequest, options?: RequestOptions): ApiPromise<RegistrationDetail>;

  /**
   * Tells how far the review is.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const { campaign_status, message } = await client.registration.status();
   * ```
   */
  status(options?: RequestOptions): ApiPromise<RegistrationStatus>;
}
