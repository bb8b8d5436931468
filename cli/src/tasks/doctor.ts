// `agentphone doctor`: finds problems with this machine, this key or this account, each with advice.

import type { AgentPhone, RequestOptions } from "agentphone-wasm";
import colors from "picocolors";
import { findKey, keyFile } from "../api-key.js";
import { baseUrl, connect, requestOptions } from "../connection.js";
import { EXIT, failureOf } from "../failure.js";
import { line } from "../output/text.js";
import type { Context } from "../settings.js";
import { keptIn, stateFolder } from "../state.js";
import { allRecords } from "./listen-records.js";

type Status = "ok" | "warn" | "fail" | "skip";

interface Check {
  readonly check: string;
  readonly status: Status;
  readonly found: string;
  readonly advice?: string;
}

const check = (name: string, status: Status, found: string, advice?: string): Check => ({
  check: name,
  status,
  found,
  ...(advice !== undefined && { advice }),
});

const MARKS: Record<Status, string> = {
  ok: colors.green("✓"),
  warn: colors.yellow("!"),
  fail: colors.red("✗"),
  skip: colors.dim("-"),
};

/** A check as text for people. */
const shown = ({ check: name, status, found, advice }: Check): string =>
  `${MARKS[status]} ${name.padEnd(13)} ${line(found)}\n${advice ? colors.dim(`${" ".repeat(16)}→ ${line(advice)}\n`) : ""}`;

/** Seconds: verifiers of webhooks accept no more, and ledgers compare times with the API's. */
const SKEW_FAILS = 300;
const SKEW_WARNS = 30;
/** Hours of deliveries that are checked. */
const HOURS = 24;

const proxy = (): Check => {
  const { env } = process;
  const name = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].find(
    (one) => env[one],
  );
  if (name === undefined) return check("proxy", "ok", "not set");
  if (env.NODE_USE_ENV_PROXY === "1")
    return check("proxy", "ok", `${name}; Node uses it if its version supports NODE_USE_ENV_PROXY`);
  return check(
    "proxy",
    "warn",
    `${name} is set, and Node ignores it`,
    "set NODE_USE_ENV_PROXY=1 (Node 24, or a recent release of Node 22)",
  );
};

const key = (): Check => {
  try {
    const found = findKey();
    if (found === undefined)
      return check("key", "fail", "not found", `set AGENTPHONE_API_KEY, or write it to ${keyFile()} (mode 600)`);
    return check("key", "ok", `from ${found.from}`);
  } catch (error) {
    const { message, hint } = failureOf(error, false);
    return check("key", "fail", message, hint);
  }
};

/** Whether idempotency keys can be kept: without them, nothing that costs money is sent. */
const state = (): Check => {
  try {
    keptIn("ledger");
    return check("state", "ok", stateFolder());
  } catch (error) {
    const { message, hint } = failureOf(error, false);
    return check("state", "fail", message, hint);
  }
};

/** Checks network, key and clock with one request. */
const reach = async (client: AgentPhone, options: RequestOptions): Promise<{ checks: Check[]; reached: boolean }> => {
  const began = Date.now();
  try {
    const { response, elapsed } = await client.agents.list({ limit: 1 }, options).withResponse();
    const date = Date.parse(response.headers.get("date") ?? "");
    const skew = Math.round((date - (began + elapsed / 2)) / 1_000);
    const network = check("network", "ok", `response in ${Math.round(elapsed)} ms`);
    const accepted = check("account", "ok", "the key is accepted");
    if (Number.isNaN(skew))
      return { checks: [network, accepted, check("clock", "skip", "the response had no date")], reached: true };
    const off = Math.abs(skew);
    const status = off > SKEW_FAILS ? "fail" : off > SKEW_WARNS ? "warn" : "ok";
    const found = off <= 1 ? "right" : `${off} s ${skew > 0 ? "behind" : "ahead"}`;
    const clock = check(
      "clock",
      status,
      found,
      status === "ok" ? undefined : "synchronize it with NTP: webhooks are refused if the clock is wrong",
    );
    return { checks: [network, accepted, clock], reached: true };
  } catch (error) {
    if (options.signal?.aborted) throw error;
    const failure = failureOf(error, false);
    if (failure.exit === EXIT.unreached)
      return {
        checks: [check("network", "fail", failure.message, "check the address, the proxy and the firewall")],
        reached: false,
      };
    const network = check("network", "ok", "the API responded");
    return {
      checks: [
        network,
        check("account", "fail", failure.message, "check that the key belongs to this account and is not revoked"),
      ],
      reached: false,
    };
  }
};

const registration = async (client: AgentPhone, options: RequestOptions): Promise<Check> => {
  const { campaign_status: status, message } = await client.registration.status(options);
  if (status === "approved") return check("registration", "ok", "10DLC is approved");
  const found = `10DLC: ${status}${message ? ` (${message})` : ""}`;
  const advice =
    status === "none" ? "US carriers reject texts until then: agentphone registration create --help" : undefined;
  return check("registration", "warn", found, advice);
};

const numbers = async (client: AgentPhone, options: RequestOptions): Promise<Check> => {
  const all = await client.numbers.list({ limit: 100 }, options).toArray({ limit: 1_000 });
  if (all.length === 0) return check("numbers", "warn", "none", "agentphone numbers buy --agent-id ID");
  const silent = all.filter(({ outboundSms }) => outboundSms && outboundSms !== "enabled");
  const unattached = all.filter(({ agentId }) => !agentId);
  const count = `${all.length} number${all.length === 1 ? "" : "s"}`;
  if (silent.length > 0)
    return check(
      "numbers",
      "warn",
      `${count}; cannot text yet: ${silent.map(({ id, outboundSms }) => `${id} (${outboundSms})`).join(", ")}`,
      silent.some(({ outboundSms }) => outboundSms === "registration_required")
        ? "needs the 10DLC registration"
        : "wait a few minutes",
    );
  if (unattached.length > 0)
    return check(
      "numbers",
      "warn",
      `${count}; without an agent: ${unattached.map(({ id }) => id).join(", ")}`,
      "agentphone agents numbers attach",
    );
  return check("numbers", "ok", `${count}, all have an agent and can text`);
};

const webhook = async (client: AgentPhone, options: RequestOptions, test: boolean): Promise<Check[]> => {
  const found = await client.webhooks.get(options);
  if (found === null) return [check("webhook", "skip", "the project has no webhook")];
  const { origin, protocol } = new URL(found.url);
  const set = check(
    "webhook",
    protocol === "https:" ? "ok" : "warn",
    origin,
    protocol === "https:" ? undefined : "use https",
  );
  const { total, failed } = await client.webhooks.deliveries.stats({ hours: HOURS }, options);
  const rate = total > 0 ? failed / total : 0;
  const deliveries = check(
    "deliveries",
    rate > 0.5 ? "fail" : failed > 0 ? "warn" : "ok",
    `${failed} of ${total} failed in ${HOURS} hours`,
    failed > 0 ? "agentphone webhooks deliveries list" : undefined,
  );
  if (!test) return [set, deliveries];
  const { success, httpStatus, statusCode, errorMessage, error } = await client.webhooks.test({}, options);
  const status = httpStatus ?? statusCode;
  const answer = success
    ? `your server responded${status ? ` with ${status}` : ""}`
    : `${errorMessage ?? error ?? `status ${status}`}`;
  return [
    set,
    deliveries,
    check(
      "webhook test",
      success ? "ok" : "fail",
      answer,
      success ? undefined : "check that your server is reachable from the internet",
    ),
  ];
};

const balance = async (client: AgentPhone, options: RequestOptions): Promise<Check> => {
  const account = JSON.stringify(await client.account.me(options));
  const [, name, amount] = /"(\w*balance\w*)":("[^"]*"|-?[\d.]+)/i.exec(account) ?? [];
  if (name === undefined) return check("balance", "skip", "the API does not report it", "see agentphone.ai");
  return check("balance", "ok", `${name}: ${amount?.replaceAll('"', "")}`);
};

const doubt = async (client: AgentPhone, options: RequestOptions): Promise<Check> => {
  let count = 0;
  for await (const _ of client.effects.pending(options)) count += 1;
  if (count === 0) return check("effects", "ok", "nothing is in doubt");
  return check("effects", "warn", `${count} in doubt`, "agentphone effects pending, agentphone effects settle");
};

const left = (): Check => {
  const count = allRecords().filter(({ isAlive }) => !isAlive).length;
  if (count === 0) return check("listen", "ok", "no webhook needs to be restored");
  return check(
    "listen",
    "warn",
    `${count} not restored by a run that was killed`,
    "agentphone listen restores it when it starts",
  );
};

/** If a check throws, its error is reported and the other checks continue. */
const guarded = async (
  name: string,
  work: () => Promise<Check | Check[]>,
  options: RequestOptions,
): Promise<Check[]> => {
  try {
    return [await work()].flat();
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return [check(name, "warn", failureOf(error, false).message)];
  }
};

/** `agentphone doctor`. */
export const doctor = async (context: Context, given: Readonly<Record<string, unknown>>): Promise<number> => {
  const { printer, settings } = context;
  const node = check("node", "ok", process.version);
  const kept = state();
  const local = [kept, ...(settings.sandbox ? [] : [proxy(), key()])];
  const checks: Check[] = [node, ...local];
  let exit: number = local.some(({ status }) => status === "fail") ? EXIT.usage : EXIT.done;
  if (exit === EXIT.done) {
    const connection = await connect(context);
    try {
      const { client } = connection;
      const options = requestOptions(context);
      const { checks: first, reached } = await reach(client, options);
      checks.push(...first);
      if (reached) {
        const rest = await Promise.all([
          guarded("registration", () => registration(client, options), options),
          guarded("numbers", () => numbers(client, options), options),
          guarded("webhook", () => webhook(client, options, given.testWebhook === true), options),
          guarded("balance", () => balance(client, options), options),
          guarded("effects", () => doubt(client, options), options),
        ]);
        checks.push(...rest.flat());
      } else exit = first[0]?.status === "fail" ? EXIT.unreached : EXIT.refused;
    } finally {
      await connection.close();
    }
  }
  if (kept.status !== "fail") checks.push(left());
  if (exit === EXIT.done && checks.some(({ status }) => status === "fail")) exit = EXIT.refused;
  if (printer.forPrograms)
    await printer.value({ ok: exit === EXIT.done, baseUrl: settings.sandbox ? "sandbox" : baseUrl(), checks });
  else await printer.write(checks.map(shown).join(""));
  return exit;
};
