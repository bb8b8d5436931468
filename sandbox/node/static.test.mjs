// Static files: what is served, with which content type, and what never is.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveSandbox } from "./server.mjs";
import { readAll, speak } from "./testing.mjs";

describe("files", () => {
  /** @type {string} */
  let root;
  /** @type {import("../js/types.js").SandboxServer} */
  let site;
  before(async () => {
    root = mkdtempSync(join(tmpdir(), "sandbox-"));
    const www = join(root, "www");
    mkdirSync(join(www, "v1"), { recursive: true });
    mkdirSync(join(www, "sub"));
    writeFileSync(join(www, "index.html"), "<p>home");
    writeFileSync(join(www, "sub", "index.html"), "<p>sub");
    writeFileSync(join(www, "app.wasm"), "\0asm");
    writeFileSync(join(www, "a b.js"), "1");
    writeFileSync(join(www, "v1", "agents"), "shadow");
    writeFileSync(join(www, ".env"), "secret");
    writeFileSync(join(root, "secret.txt"), "secret");
    mkdirSync(join(root, "www-other"));
    writeFileSync(join(root, "www-other", "secret.txt"), "secret");
    writeFileSync(join(www, "sub\\.env"), "secret");
    symlinkSync(join(root, "secret.txt"), join(www, "link.txt"));
    symlinkSync(join(root, "www-other"), join(www, "peer"));
    site = await serveSandbox({ staticDir: www });
  });
  after(async () => {
    await site.close();
    rmSync(root, { recursive: true });
  });
  const ask = async (/** @type {string} */ target, method = "GET") => {
    // A raw request, because URL parsers would normalize the dots.
    const socket = await speak(`${method} ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, site.port);
    const [head, body] = (await readAll(socket)).split("\r\n\r\n");
    return { status: Number(head.split(" ")[1]), head: head.toLowerCase(), body };
  };

  for (const [target, type, body] of [
    ["/", "text/html; charset=utf-8", "<p>home"],
    ["/index.html?v=1", "text/html; charset=utf-8", "<p>home"],
    ["/sub/", "text/html; charset=utf-8", "<p>sub"],
    ["/app.wasm", "application/wasm", "\0asm"],
    ["/a%20b.js", "text/javascript; charset=utf-8", "1"],
  ]) {
    test(`${target} is served as ${type}`, async () => {
      const seen = await ask(target);
      assert.deepEqual([seen.status, seen.body], [200, body]);
      assert.ok(seen.head.includes(`content-type: ${type}`), seen.head);
      assert.equal(
        seen.head.includes("content-security-policy: default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"),
        type.startsWith("text/html"),
      );
    });
  }

  test("HEAD of a file has its length and no body", async () => {
    const seen = await ask("/", "HEAD");
    assert.deepEqual([seen.status, seen.body], [200, ""]);
    assert.ok(seen.head.includes("content-length: 7"));
  });

  for (const target of [
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/sub/../../secret.txt",
    "/..%2fsecret.txt",
    "/..%5csecret.txt",
    "//../secret.txt",
    "/../www-other/secret.txt",
    "/link.txt",
    "/peer/secret.txt",
    "/.env",
    "/sub%5c.env",
    "/%00",
    "/%ff",
    "/sub",
    "/absent.html",
    "/index.html/",
  ]) {
    test(`${target} is not found`, async () => {
      const seen = await ask(target);
      assert.deepEqual([seen.status, seen.body], [404, '{"detail":"Not Found"}']);
    });
  }

  test("a file cannot replace an API path", async () => {
    assert.equal((await ask("/v1/agents")).status, 401);
  });

  test("files are only read: a POST does not match one", async () => {
    assert.equal((await ask("/index.html", "POST")).status, 404);
  });
});
