// Counters of the account.

import type { ApiPromise, Open, RequestOptions } from "../client/options.js";
import type { PagePromise } from "../client/pages.js";

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

/** Counters of one number. */
export interface NumberUsage {
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
