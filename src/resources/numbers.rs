//! Phone numbers of the account: held, on sale, bought and released.

use crate::client::{Returned, Shared, start};
use crate::core::operation::{Method, Operation, RequestBody};
use crate::platform::promise::ApiPromise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

const LIST: Operation = Operation::read("numbers.list", "/v1/numbers");
const GET: Operation = Operation::read("numbers.get", "/v1/numbers/{number_id}");
const AVAILABLE: Operation = Operation::read("numbers.available", "/v1/numbers/available");
const BUY: Operation = Operation::effect("numbers.buy", "/v1/numbers", RequestBody::Optional);
const RELEASE: Operation =
    Operation::idempotent("numbers.release", Method::Delete, "/v1/numbers/{number_id}", RequestBody::None);

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A phone number of the account. */
export interface PhoneNumber {
  /** Id; opaque. */
  id: string;
  /** E.164. */
  phoneNumber: string;
  /** Two-letter ISO code. */
  country: string;
  /** State. */
  status: Open<"active" | "released">;
  /** Kind of line. Default: `sms`. */
  type?: Open<"sms" | "imessage">;
  /** Id of the agent. */
  agentId?: string | null;
  /** When it was made, ISO 8601. */
  createdAt: string;
  /** Whether the line may send texts. */
  outboundSms?: Open<"enabled" | "activating" | "registration_required"> | null;
  /** Whether calls to it are answered. */
  inboundCallsEnabled?: boolean | null;
  /** Whether read receipts are sent (iMessage). */
  readReceiptsEnabled?: boolean | null;
  /** Whether WhatsApp is on. */
  whatsappEnabled?: boolean | null;
  /** Allowance of new outbound contacts (iMessage lines). */
  dailyNewContacts?: DailyNewContacts | null;
  /** When it was bought, ISO 8601. */
  purchasedAt?: string | null;
  /** Your own tag. */
  externalId?: string | null;
  /** Automatic release time. ISO 8601 time. */
  expiresAt?: string | null;
  /** The line that this one stands in for. */
  rcsFallbackForAlias?: string | null;
}

/** Allowance of new outbound contacts per day (iMessage lines). */
export interface DailyNewContacts {
  /** Used so far. */
  used?: number;
  /** The most there may be. */
  limit?: number;
}

/** A page of numbers. */
export interface PhoneNumberList {
  /** The items of this page. */
  data: PhoneNumber[];
  /** True when another page follows. */
  hasMore: boolean;
  /** How many there are in all. */
  total: number;
}

/** Which number to buy; the API takes the first that fits. */
export interface BuyNumberRequest {
  /** Only US and CA can be bought by self-service. Default: `US`. */
  country?: string;
  /** Preference, US and CA. */
  areaCode?: string | null;
  /** Attach at once. */
  agentId?: string | null;
  /** Kind of line. */
  type?: Open<"sms" | "imessage">;
  /** iMessage tier; values not published. */
  imessageType?: string;
  /** Your own tag. */
  externalId?: string;
  /** Release automatically at this time. ISO 8601 time. */
  expiresAt?: string;
}

/** What was released. */
export interface ReleasedNumber {
  /** True when it was done. */
  success?: boolean;
  /** Text for people. */
  message?: string;
  /** Id; opaque. */
  id?: string;
  /** E.164. */
  phoneNumber?: string;
  /** State. */
  status?: Open<"released">;
}

/** A number on sale. */
export interface AvailableNumber {
  /** E.164. */
  phoneNumber: string;
  /** City. */
  city?: string | null;
  /** State or province. */
  state?: string | null;
  /** Rate centre. */
  rateCenter?: string | null;
  /** Area code. */
  areaCode?: string | null;
}

/** Numbers on sale. */
export interface AvailableNumberList {
  /** The items of this page. */
  data: AvailableNumber[];
}

/** Where to look for numbers on sale. */
export interface AvailableNumbersQuery {
  /** Three digits. */
  areaCode?: string;
  /** City. */
  city?: string;
  /** State or province. */
  state?: string;
  /** Postal code. */
  zip?: string;
  /** Two-letter ISO code; numbers are sold in US and CA. */
  country?: string;
  /** The most to return. */
  limit?: number;
}
"#;

/// Phone numbers: `client.numbers`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct NumbersResource {
    shared: Rc<Shared>,
}

impl NumbersResource {
    pub(crate) fn new(shared: &Rc<Shared>) -> Self {
        Self { shared: Rc::clone(shared) }
    }
}

#[wasm_bindgen]
impl NumbersResource {
    /// Lists the numbers that the account holds; released ones are left out.
    ///
    /// Effect class: read. Free. Errors: `AuthenticationError`, `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`.
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<PhoneNumberList>")]
    pub fn list(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "PageQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &LIST, &[], query, options)
    }

    /// Reads a number, released ones too.
    ///
    /// Effect class: read. Free. Errors: `PhoneNumberNotFoundError`, and those of every request.
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<PhoneNumber>")]
    pub fn get(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] number_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &GET, &[number_id], JsValue::UNDEFINED, options)
    }

    /// Searches for numbers on sale.
    ///
    /// Effect class: read. Free. Errors: `AuthenticationError`, `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`.
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<AvailableNumberList>")]
    pub fn available(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "AvailableNumbersQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &AVAILABLE, &[], query, options)
    }

    /// Buys a number: the first on sale that fits.
    ///
    /// Effect class: effect. **Costs $3.00 at once and each month**; a repeat buys another. The account
    /// needs a balance of $3.00. Errors: `InsufficientBalanceError`, `NumberLimitError`,
    /// `ValidationError`, `ConflictError`, and those of every request. Limited to 5 an hour.
    ///
    /// ```ts
    /// const number = await client.numbers.buy({ country: "US", areaCode: "415" });
    /// ```
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<PhoneNumber>")]
    pub fn buy(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "BuyNumberRequest")] body: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &BUY, &[], body, options)
    }

    /// Releases a number for good: somebody else may get it.
    ///
    /// Effect class: idempotent. Ends its monthly cost. Errors: `PhoneNumberNotFoundError`, and those of
    /// every request. Limited to 10 an hour.
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<ReleasedNumber>")]
    pub fn release(
        &self,
        #[wasm_bindgen(unchecked_param_type = "string")] number_id: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &RELEASE, &[number_id], JsValue::UNDEFINED, options)
    }
}
