//! Counters of the account.

use crate::client::{Returned, Shared, start};
use crate::core::operation::Operation;
use crate::platform::promise::ApiPromise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

const GET: Operation = Operation::read("usage.get", "/v1/usage");
const DAILY: Operation = Operation::read("usage.daily", "/v1/usage/daily");
const MONTHLY: Operation = Operation::read("usage.monthly", "/v1/usage/monthly");
const BY_NUMBER: Operation = Operation::read("usage.byNumber", "/v1/usage/by-number");
const BY_AGENT: Operation = Operation::read("usage.byAgent", "/v1/usage/by-agent");

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Totals of the account. */
export interface Usage {
  /** The plan, where the API tells it. */
  plan?: {
    /** Name. */
    name: Open<"payg">;
    /** What the plan allows. */
    limits?: {
      /** Phone numbers. */
      numbers?: number;
      /** Texts a month. */
      messagesPerMonth?: number;
      /** Voice minutes a month. */
      voiceMinutesPerMonth?: number;
      /** Longest call, in minutes. */
      maxCallDurationMinutes?: number;
      /** Calls at once. */
      concurrentCalls?: number;
    };
  };
  /** Phone numbers. */
  numbers: {
    /** Used so far. */
    used: number;
    /** The most there may be. */
    limit: number;
    /** Left. */
    remaining: number;
  };
  /** Counters. */
  stats: {
    /** Texts in all. */
    totalMessages: number;
    /** Texts in the last 24 hours. */
    messagesLast24h?: number;
    /** Texts in the last 7 days. */
    messagesLast7d?: number;
    /** Texts in the last 30 days. */
    messagesLast30d?: number;
    /** Calls in all. */
    totalCalls: number;
    /** Calls in the last 24 hours. */
    callsLast24h?: number;
    /** Calls in the last 7 days. */
    callsLast7d?: number;
    /** Calls in the last 30 days. */
    callsLast30d?: number;
    /** Webhook deliveries in all. */
    totalWebhookDeliveries?: number;
    /** Of them, accepted. */
    successfulWebhookDeliveries?: number;
    /** Of them, failed. */
    failedWebhookDeliveries?: number;
    /** SMS segments in the last 30 days. */
    smsSegmentsLast30d?: number | null;
  };
  /** Beginning of the period, ISO 8601. */
  periodStart: string;
  /** End of the period, ISO 8601. */
  periodEnd: string;
  /** When the counters were taken, ISO 8601. */
  reportGeneratedAt?: string | null;
}

/** Counters by day. */
export interface DailyUsage {
  /** The items of this page. */
  data: Array<{
    /** Day, YYYY-MM-DD. */
    date: string;
    /** Texts. */
    messages: number;
    /** Calls. */
    calls: number;
    /** Webhook deliveries. */
    webhooks?: number;
    /** Voice minutes. */
    voiceMinutes?: number;
  }>;
  /** Days covered. */
  days: number;
}

/** Counters by month. */
export interface MonthlyUsage {
  /** The items of this page. */
  data: Array<{
    /** Month, YYYY-MM. */
    month: string;
    /** Texts. */
    messages: number;
    /** Calls. */
    calls: number;
    /** Webhook deliveries. */
    webhooks?: number;
    /** Voice minutes. */
    voiceMinutes?: number;
  }>;
  /** Months covered. */
  months: number;
}

/** Counters by number. */
export interface UsageByNumber {
  /** The items of this page. */
  data: Array<{
    /** Id of the number. */
    numberId: string;
    /** E.164. */
    phoneNumber: string;
    /** Two-letter ISO code. */
    country: string;
    /** State. */
    status: string;
    /** Id of the agent. */
    agentId?: string | null;
    /** Name of the agent. */
    agentName?: string | null;
    /** Texts. */
    messages: number;
    /** Calls. */
    calls: number;
  }>;
}

/** Counters by agent. */
export interface UsageByAgent {
  /** The items of this page. */
  data: Array<{
    /** Id of the agent. */
    agentId: string | null;
    /** Name of the agent. */
    agentName: string;
    /** Texts. */
    messages: number;
    /** Calls. */
    calls: number;
    /** Seconds of calls. */
    totalSeconds: number;
    /** Usage of deleted or absent agents. Default: `false`. */
    isOrphan?: boolean;
  }>;
  /** The period asked for. */
  period: string;
  /** Beginning of the period, ISO 8601. */
  periodStart: string;
  /** End of the period, ISO 8601. */
  periodEnd: string;
}

/** How many days. */
export interface DailyUsageQuery {
  /** 1 to 365. Default: 30. */
  days?: number;
}

/** How many months. */
export interface MonthlyUsageQuery {
  /** 1 to 24. Default: 6. */
  months?: number;
}

/** Which period. */
export interface UsageByAgentQuery {
  /** The period up to now. */
  period: "week" | "month" | "year";
  /** IANA time zone that days are counted in. */
  tz?: string | null;
}
"#;

/// Counters: `client.usage`.
#[wasm_bindgen]
#[derive(Debug)]
pub struct UsageResource {
    shared: Rc<Shared>,
}

impl UsageResource {
    pub(crate) fn new(shared: &Rc<Shared>) -> Self {
        Self { shared: Rc::clone(shared) }
    }
}

#[wasm_bindgen]
impl UsageResource {
    /// Totals of the account.
    ///
    /// Effect class: read. Free. Errors: `AuthenticationError`, `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`.
    ///
    /// ```ts
    /// const { numbers, stats } = await client.usage.get();
    /// console.log(numbers.remaining, stats.totalCalls);
    /// ```
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<Usage>")]
    pub fn get(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &GET, &[], JsValue::UNDEFINED, options)
    }

    /// Counters by day.
    ///
    /// Effect class: read. Free. Errors: `AuthenticationError`, `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`.
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<DailyUsage>")]
    pub fn daily(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "DailyUsageQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &DAILY, &[], query, options)
    }

    /// Counters by month.
    ///
    /// Effect class: read. Free. Errors: `AuthenticationError`, `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`.
    #[wasm_bindgen(unchecked_return_type = "ApiPromise<MonthlyUsage>")]
    pub fn monthly(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "MonthlyUsageQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &MONTHLY, &[], query, options)
    }

    /// Counters by number.
    ///
    /// Effect class: read. Free. Errors: `AuthenticationError`, `RateLimitError`, `ServerError`, `ConnectionError`, `TimeoutError`.
    #[wasm_bindgen(js_name = byNumber, unchecked_return_type = "ApiPromise<UsageByNumber>")]
    pub fn by_number(
        &self,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &BY_NUMBER, &[], JsValue::UNDEFINED, options)
    }

    /// Counters by agent.
    ///
    /// Effect class: read. Free. Errors: `ValidationError` (without `period`), and those of every request.
    #[wasm_bindgen(js_name = byAgent, unchecked_return_type = "ApiPromise<UsageByAgent>")]
    pub fn by_agent(
        &self,
        #[wasm_bindgen(unchecked_param_type = "UsageByAgentQuery")] query: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "RequestOptions")] options: JsValue,
    ) -> Returned<ApiPromise> {
        start(&self.shared, &BY_AGENT, &[], query, options)
    }
}
