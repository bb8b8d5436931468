// Counters of the account.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";

/** Totals of the account. */
export interface Usage {
  /**
   * The plan.
   * @deprecated The API returned it until autumn 2026.
   */
  plan?:
    | {
        /** `payg` is pay as you go. */
        name: Open<"payg">;
        /** What the plan allows. */
        limits?:
          | {
              /** How many phone numbers the account may have. */
              numbers?: number | undefined;
              /** How many texts a month. */
              messagesPerMonth?: number | undefined;
              /** How many minutes of calls a month. */
              voiceMinutesPerMonth?: number | undefined;
              /** Longest call, in minutes. */
              maxCallDurationMinutes?: number | undefined;
              /** How many calls at the same time. */
              concurrentCalls?: number | undefined;
            }
          | undefined;
      }
    | undefined;
  /** How many phone numbers there are and may be. */
  numbers: {
    /** Phone numbers that the account has. */
    used: number;
    /** The most there may be. */
    limit: number;
    /** Phone numbers that it may still buy. */
    remaining: number;
  };
  /** Totals, and those of the last days. */
  stats: {
    /** Texts so far. */
    totalMessages: number;
    /** Texts in the last 24 hours. */
    messagesLast24h?: number | undefined;
    /** Texts in the last 7 days. */
    messagesLast7d?: number | undefined;
    /** Texts in the last 30 days. */
    messagesLast30d?: number | undefined;
    /** Calls so far. */
    totalCalls: number;
    /** Calls in the last 24 hours. */
    callsLast24h?: number | undefined;
    /** Calls in the last 7 days. */
    callsLast7d?: number | undefined;
    /** Calls in the last 30 days. */
    callsLast30d?: number | undefined;
    /** Webhook deliveries so far. */
    totalWebhookDeliveries?: number | undefined;
    /** Deliveries that your endpoint accepted. */
    successfulWebhookDeliveries?: number | undefined;
    /** Deliveries that your endpoint did not accept. */
    failedWebhookDeliveries?: number | undefined;
    /** SMS segments in the last 30 days. */
    smsSegmentsLast30d?: number | null | undefined;
  };
  /** Beginning of the period, ISO 8601. */
  periodStart: string;
  /** End of the period, ISO 8601. */
  periodEnd: string;
  /** When the counters were taken, ISO 8601. */
  reportGeneratedAt?: string | null | undefined;
}

/** Counters by day. */
export interface DailyUsage {
  /** The items of this page. */
  data: Array<{
    /** Day, YYYY-MM-DD. */
    date: string;
    /** Texts of the day. */
    messages: number;
    /** Calls of the day. */
    calls: number;
    /** Webhook deliveries of the day. */
    webhooks?: number | undefined;
    /** Minutes of all calls of the day. */
    voiceMinutes?: number | undefined;
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
    /** Texts of the month. */
    messages: number;
    /** Calls of the month. */
    calls: number;
    /** Webhook deliveries of the month. */
    webhooks?: number | undefined;
    /** Minutes of all calls of the month. */
    voiceMinutes?: number | undefined;
  }>;
  /** Months covered. */
  months: number;
}

/** Counters of one number. */
export interface NumberUsage {
  numberId: string;
  /** E.164. */
  phoneNumber: string;
  /** Two-letter ISO code. */
  country: string;
  status: string;
  /** The agent that it is attached to; null if there is none. */
  agentId?: string | null | undefined;
  agentName?: string | null | undefined;
  /** Texts sent and received. */
  messages: number;
  /** Calls placed and received. */
  calls: number;
}

/** Counters by agent. */
export interface UsageByAgent {
  /** The items of this page. */
  data: Array<{
    agentId: string | null;
    agentName: string;
    /** Texts sent and received. */
    messages: number;
    /** Calls placed and received. */
    calls: number;
    /** The length of all calls, in seconds. */
    totalSeconds: number;
    /** Usage of deleted or absent agents. Default: `false`. */
    isOrphan?: boolean | undefined;
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
  days?: number | undefined;
}

/** How many months. */
export interface MonthlyUsageQuery {
  /** 1 to 24. Default: 6. */
  months?: number | undefined;
}

/** Which period. */
export interface UsageByAgentQuery {
  /** The period up to now. */
  period: "week" | "month" | "year";
  /** IANA time zone that days are counted in. */
  tz?: string | null | undefined;
}

/** Counters. */
export interface UsageResource {
  /**
   * Totals of the account.
   *
   * Effect class: read. Free. Errors: those of every request.
   *
   * ```ts
   * const { numbers, stats } = await client.usage.get();
   * console.log(numbers.remaining, stats.totalCalls);
   * ```
   */
  get(options?: RequestOptions): ApiPromise<Usage>;

  /**
   * Counters by day.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  daily(query?: DailyUsageQuery, options?: RequestOptions): ApiPromise<DailyUsage>;

  /**
   * Counters by month.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  monthly(query?: MonthlyUsageQuery, options?: RequestOptions): ApiPromise<MonthlyUsage>;

  /**
   * Counters by number.
   *
   * Effect class: read. Free. Errors: those of every request.
   */
  byNumber(options?: RequestOptions): PagePromise<NumberUsage>;

  /**
   * Counters by agent.
   *
   * Effect class: read. Free. Errors: `ValidationError` (without `period`), and those of every request.
   */
  byAgent(query: UsageByAgentQuery, options?: RequestOptions): ApiPromise<UsageByAgent>;
}
