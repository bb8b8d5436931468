// @ts-check
// What may have happened to a body on its way: each entry undoes one change and says what it was. If the undone body
// fits the signature, that change is the cause.

/** @typedef {{ what: string, fix: string, undo: (body: string) => string | undefined }} BodyForm */

const RAW = "Pass the raw body, before anything parses it.";

/** @param {unknown} value The separators of Python's `json.dumps`. */
const spaced = (value) => joined(value, ", ", ": ");

/** @param {unknown} value @param {string} comma @param {string} colon @returns {string} */
function joined(value, comma, colon) {
  if (Array.isArray(value)) return `[${value.map((one) => joined(one, comma, colon)).join(comma)}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}${colon}${joined(one, comma, colon)}`,
  );
  return `{${fields.join(comma)}}`;
}

/** @param {string} text */
const ascii = (text) =>
  text.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** @param {(value: unknown) => string} write */
const rewritten = (write) => (/** @type {string} */ body) => {
  try {
    return write(JSON.parse(body));
  } catch {
    return undefined;
  }
};

const PARSED = "The body was parsed as JSON and written again, so its bytes differ from those that were signed";

/** Least first: a single line break is more likely than a parser. @type {readonly BodyForm[]} */
export const BODY_FORMS = [
  {
    what: "Spaces or line breaks were added around the body",
    fix: "A log, an editor or a copy often adds a line break at the end. Verify exactly the bytes that were received.",
    undo: (body) => body.trim(),
  },
  {
    what: "The body starts with a byte order mark",
    fix: "Read the body as bytes, or strip the mark that your reader adds.",
    undo: (body) => body.replace(/^\ufeff/, ""),
  },
  {
    what: "The line breaks were converted to CRLF",
    fix: RAW,
    undo: (body) => body.replaceAll("\r\n", "\n"),
  },
  {
    what: "The body is encoded in base64",
    fix: 'AWS API Gateway and Lambda do this and set isBase64Encoded. Decode it first: Buffer.from(event.body, "base64").',
    undo: (body) => {
      if (!/^[\w+/\s-]+=*\s*$/.test(body)) return undefined;
      try {
        return new TextDecoder().decode(
          Uint8Array.from(atob(body.replaceAll(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/")), (one) =>
            one.charCodeAt(0),
          ),
        );
      } catch {
        return undefined;
      }
    },
  },
  {
    what: "The body is a JSON string that contains the body: it was encoded twice",
    fix: "Do not call JSON.stringify on a body that is already text.",
    undo: rewritten((value) => (typeof value === "string" ? value : "")),
  },
  {
    what: "Characters were replaced with HTML entities",
    fix: "Do not escape the body for HTML before you verify it.",
    undo: (body) =>
      body
        .replaceAll("&quot;", '"')
        .replaceAll("&#39;", "'")
        .replaceAll("&lt;", "<")
        .replaceAll("&gt;", ">")
        .replaceAll("&amp;", "&"),
  },
  { what: PARSED, fix: RAW, undo: rewritten((value) => JSON.stringify(value)) },
  { what: PARSED, fix: RAW, undo: rewritten((value) => ascii(JSON.stringify(value))) },
  { what: PARSED, fix: RAW, undo: rewritten((value) => JSON.stringify(value).replaceAll("/", "\\/")) },
  { what: PARSED, fix: RAW, undo: rewritten(spaced) },
  { what: PARSED, fix: RAW, undo: rewritten((value) => ascii(spaced(value))) },
];

/** How to get the raw body, by framework. */
export const RAW_BODY = [
  ["Express", 'app.post("/hook", express.raw({ type: "application/json" }), …) and pass request.body'],
  ["Next.js, Hono, Remix, Workers", "await request.text()"],
  [
    "Fastify",
    'addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => done(null, body))',
  ],
  ["NestJS", "NestFactory.create(App, { rawBody: true }) and request.rawBody"],
  ["AWS Lambda", 'event.isBase64Encoded ? Buffer.from(event.body, "base64") : event.body'],
  ["Flask, Django, FastAPI", "request.get_data(), request.body, await request.body()"],
];
