// An account of the API that is large and has faults, for the simulation of campaigns: it knows its people by number, places calls
// that end some time later, and counts how often it was asked to call each person. It keeps a few bytes per call and says
// what the real one says, as text: the client parses it. What goes wrong is decided by the person and the attempt, so that
// every run of one size is the same.

/** How often things go wrong, per million requests to place a call. */
export const FAULTS = {
  /** Placed, and the response is lost. */
  lostAfter: 10_000,
  /** The connection breaks before anything is placed, which looks the same from outside. */
  lostBefore: 50,
  /** 429 with Retry-After. */
  limited: 500,
  /** 502 of the carrier, with a code that says that nothing was placed. */
  busyNumber: 1_000,
};
const MILLION = 1_000_000;
const NUMBERS = 10;
const PAGE = 100;

/** A well-mixed number from two. @param {number} one @param {number} other */
const mixed = (one, other) => {
  let hash = Math.imul(one ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(other + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
};

/** Exchanges of each area code, none of which ends in 11. */
const [AREA, EXCHANGE, EXCHANGES, LINES] = [212, 520, 80, 10_000];

/** The number of a person; all of them are in the US. @param {number} at */
export const recipientOf = (at) => {
  const block = Math.floor(at / LINES);
  const area = AREA + Math.floor(block / EXCHANGES);
  return `+1${area}${EXCHANGE + (block % EXCHANGES)}${String(at % LINES).padStart(4, "0")}`;
};

/** The person of a number. @param {string} number */
const personOf = (number) => {
  const digits = number.replaceAll(/\D/g, "").slice(-10);
  const [area, exchange, line] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)].map(Number);
  return ((area - AREA) * EXCHANGES + (exchange - EXCHANGE)) * LINES + line;
};

/** @param {number} people @param {() => number} now */
export const simulatedAccount = (people, now) => {
  /** How often each person was called. */
  const calls = new Uint8Array(people);
  /** Requests for each person: the attempt decides what goes wrong. */
  const asked = new Uint8Array(people);
  const placedAt = new Float64Array(people);
  /** People in the order in which they were called. */
  const order = new Uint32Array(2 * people + 1_000);
  let placed = 0;
  const requests = { create: 0, get: 0, list: 0, other: 0 };
  const phoneOf = (/** @type {number} */ number) => `+1415555${1000 + number}`;
  /** By which number each person was called. */
  const senders = new Uint8Array(people);

  /** Milliseconds: most calls are short, some are not answered. @param {number} at */
  const lengthOf = (at) => 2_000 + (mixed(at, 77) % 6_000);
  /** @param {number} at */
  const callOf = (at) => {
    const over = now() >= placedAt[at] + lengthOf(at);
    const kind = mixed(at, 99) % 10;
    const status = !over ? "in-progress" : kind < 7 ? "completed" : kind < 9 ? "no-answer" : "busy";
    return {
      id: `call_${at}`,
      agentId: "agent_1",
      phoneNumberId: `number_${senders[at]}`,
      direction: "outbound",
      fromNumber: phoneOf(senders[at]),
      toNumber: recipientOf(at),
      status,
      startedAt: new Date(placedAt[at]).toISOString(),
      endedAt: over ? new Date(placedAt[at] + lengthOf(at)).toISOString() : null,
      durationSeconds: over ? Math.round(lengthOf(at) / 1000) : null,
    };
  };
  /** @param {unknown} body @param {number} [status] @param {Record<string, string>} [headers] */
  const said = (body, status = 200, headers = {}) =>
    new Response(JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", date: new Date(now()).toUTCString(), ...headers },
    });
  /** @param {string} code @param {number} status @param {Record<string, string>} [headers] */
  const refused = (code, status, headers) => said({ error: { code, message: code, type: "error" } }, status, headers);

  /** @param {number} at */
  const place = (at) => {
    if (calls[at] === 0) placedAt[at] = now();
    calls[at] += 1;
    order[placed % order.length] = at;
    placed += 1;
  };
  /** @param {{ toNumber: string, fromNumberId: string }} body */
  const create = ({ toNumber, fromNumberId }) => {
    const at = personOf(toNumber);
    asked[at] = Math.min(255, asked[at] + 1);
    let dice = mixed(at, asked[at]) % MILLION;
    const happens = (/** @type {keyof typeof FAULTS} */ name) => (dice -= FAULTS[name]) < 0;
    if (happens("limited")) return refused("RATE_LIMIT_EXCEEDED", 429, { "retry-after": "1" });
    if (happens("busyNumber")) return refused("CONFLICT", 409);
    if (happens("lostBefore")) throw new TypeError("fetch failed");
    senders[at] = Number(fromNumberId.slice(7));
    place(at);
    if (happens("lostAfter")) throw new TypeError("fetch failed");
    return said(callOf(at));
  };
  /** @param {URLSearchParams} query */
  const list = (query) => {
    const limit = Number(query.get("limit") ?? 20);
    const offset = Number(query.get("offset") ?? 0);
    const search = query.get("search");
    if (search !== null) {
      const at = personOf(search);
      const data = calls[at] > 0 ? [callOf(at)] : [];
      return said({ data, hasMore: false, total: data.length });
    }
    const data = [];
    for (let n = offset; n < offset + Math.min(limit, PAGE) && n < placed; n += 1)
      data.push(callOf(order[placed - 1 - n]));
    return said({ data, hasMore: offset + data.length < placed, total: placed });
  };
  const numbers = Array.from({ length: NUMBERS }, (_, at) => ({ id: `number_${at}`, phoneNumber: phoneOf(at) }));

  return {
    calls,
    requests,
    /** @type {typeof globalThis.fetch} */
    fetch: async (input, init) => {
      const url = new URL(String(input instanceof Request ? input.url : input));
      const [, , resource, id] = url.pathname.split("/");
      if (resource === "calls" && init?.method === "POST") {
        requests.create += 1;
        return create(JSON.parse(String(init.body)));
      }
      if (resource === "calls" && id !== undefined) {
        requests.get += 1;
        return said({ ...callOf(Number(id.slice(5))), transcripts: [] });
      }
      if (resource === "calls" || url.pathname.endsWith("/calls")) {
        requests.list += 1;
        return list(url.searchParams);
      }
      requests.other += 1;
      return said({ id: "agent_1", name: "Ada", voiceMode: "webhook", numbers });
    },
  };
};
