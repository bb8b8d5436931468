// @ts-check
// Serves files for paths that are not the API's. Only files inside the folder are served, whatever symbolic links
// and encoded dots say.

import { readFile, realpath, stat } from "node:fs/promises";
import { extname, join, sep } from "node:path";

/** @type {Record<string, string>} */
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

const CSP = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  // Lets a page play a recording that it has fetched.
  "media-src 'self' blob:",
].join("; ");

/**
 * The file for a target, or undefined if there is none to serve.
 * @param {string} root
 * @param {string} target
 * @returns {Promise<{ headers: Record<string, string>, body: Buffer } | undefined>}
 */
export async function findFile(root, target) {
  const name = safeName(target);
  if (name === undefined) return undefined;
  try {
    const base = await realpath(root);
    const file = await realpath(join(base, name.endsWith("/") ? `${name}index.html` : name));
    if (!file.startsWith(base.endsWith(sep) ? base : base + sep)) return undefined;
    if (!(await stat(file)).isFile()) return undefined;
    const type = TYPES[extname(file).toLowerCase()] ?? "application/octet-stream";
    const headers = {
      "content-type": type,
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      ...(type.startsWith("text/html") ? { "content-security-policy": CSP } : {}),
    };
    return { headers, body: await readFile(file) };
  } catch {
    // Absent, unreadable, a name that is too long: the client gets the same response.
    return undefined;
  }
}

/** @param {string} target */
function safeName(target) {
  const path = target.split(/[?#]/, 1)[0] ?? "";
  let name;
  try {
    name = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  // A backslash separates names on Windows. Dot files are not served either.
  const hidden = name.split(/[/\\]/).some((part) => part.startsWith("."));
  return name.startsWith("/") && !hidden ? name : undefined;
}
