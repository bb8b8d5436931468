// @ts-check
// Reads what people paste of a delivery: headers in the many forms that logs, terminals and frameworks print them in,
// and a whole request, whose body follows an empty line.

/** Headers with names in lower case, and the body if it was pasted along. @typedef {{ headers: Record<string, string>, body: string | undefined }} Pasted */

/** @param {string} text @returns {Pasted} */
export function readPaste(text) {
  const json = fromJson(text);
  if (json !== undefined) return { headers: json, body: undefined };
  if (/(?:^|\s)(?:-H|--header)[\s=]/.test(text)) return fromCurl(text);
  const [head = "", ...rest] = text.replace(/^\s+/, "").split(/\r?\n[ \t]*\r?\n/);
  // The empty lines of a body belong to it.
  const body =
    rest.length === 0 ? undefined : text.slice(text.indexOf(rest[0] ?? "", text.indexOf(head) + head.length));
  return { headers: fromLines(head), body: body === undefined || body.trim() === "" ? undefined : body };
}

/** An object, a list of pairs, or Node's flat list of names and values. @param {string} text */
function fromJson(text) {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value = JSON.parse(text);
    if (!Array.isArray(value)) return lower(Object.entries(value.headers ?? value));
    if (value.every((one) => typeof one === "string"))
      return lower(value.flatMap((name, at) => (at % 2 === 0 ? [[name, value[at + 1]]] : [])));
    return lower(value.map((one) => (Array.isArray(one) ? one : [one?.name ?? one?.key, one?.value])));
  } catch {
    return undefined;
  }
}

/** The options of a `curl` command, which programs print to repeat a request. @param {string} text @returns {Pasted} */
function fromCurl(text) {
  const quoted = String.raw`(?:'([^']*)'|"((?:\\.|[^"\\])*)"|(\S+))`;
  const valuesOf = (/** @type {string} */ names) =>
    [...text.matchAll(new RegExp(String.raw`(?:^|\s)(?:${names})[\s=]+\$?${quoted}`, "g"))].map(
      ([, single, double, bare]) => single ?? double?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "",
    );
  return {
    headers: fromLines(valuesOf("-H|--header").join("\n")),
    body: valuesOf("-d|--data|--data-raw|--data-binary")[0],
  };
}

/** `Name: value` lines, as curl marks them (`<`, `>`) or quoted with a comma, as a printed object has them. @param {string} text */
const fromLines = (text) =>
  lower(
    text.split(/\r?\n/).flatMap((line) => {
      const found = /^[\s<>]*["']?([\w-]+)["']?\s*(?::|=>|=)\s*["']?(.*?)["']?,?\s*$/.exec(line);
      return found === null ? [] : [[found[1], found[2]]];
    }),
  );

/** @param {readonly (readonly unknown[])[]} pairs @returns {Record<string, string>} */
function lower(pairs) {
  /** @type {Record<string, string>} */
  const all = {};
  for (const [name, value] of pairs) {
    if (typeof name !== "string" || value === undefined || value === null) continue;
    const key = name.toLowerCase();
    const text = (Array.isArray(value) ? value : [value]).map((one) => String(one?.value ?? one)).join(", ");
    all[key] = all[key] === undefined ? text : `${all[key]}, ${text}`;
  }
  return all;
}

/** The names that a header has where a framework renames it: `HTTP_X_WEBHOOK_SIGNATURE` of CGI, WSGI and PHP. @param {Record<string, string>} headers @param {string} name */
export function headerOf(headers, name) {
  if (headers[name] !== undefined) return { value: headers[name], as: name };
  const cgi = name.replaceAll("-", "_");
  const as = [`http_${cgi}`, cgi].find((one) => headers[one] !== undefined);
  return as === undefined ? undefined : { value: headers[as] ?? "", as };
}
