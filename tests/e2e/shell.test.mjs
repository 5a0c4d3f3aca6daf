// The shell around the app: loading, the Content-Security-Policy, offline use, and
// errors at start-up.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { atStart, button, onlyLeader, realTime, until } from "./page.mjs";

const policy = (page) =>
  page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");

/** Waits until the service worker has cached the page's files. */
async function cached(page) {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== "activated") {
      await new Promise((ready) => active.addEventListener("statechange", ready, { once: true }));
    }
  });
}

/** A request handler that drops the connection. */
const offline = (name, { socket }) => void socket.destroy();

/** A request handler without the files whose names contain `part`. */
const without = (part) => (name, { built }) => {
  assert(!name.includes(part));
  return built(name);
};

journey("the policy allows only the page's own files", async ({ page }) => {
  const directives = (await policy(page)).split("; ");
  assert(directives.includes("default-src 'none'"));
  assert(directives.includes("script-src 'self' 'wasm-unsafe-eval'"));
  for (const directive of directives) {
    assert.match(directive, /^[a-z]+-(src|uri|action)( 'none'| 'self'( 'wasm-unsafe-eval'| data:)?)$/);
  }
});

journey("the policy allows the page to export PNGs", async ({ page }) => {
  await button(page, "Share").click();
  for (const drawing of ["Stage as PNG", "Diagram as PNG"]) {
    const download = page.waitForEvent("download");
    await button(page, drawing).click();
    assert.match((await download).suggestedFilename(), /\.png$/);
  }
});

journey("the page has no inline scripts, styles or handlers", async ({ page }) => {
  const html = await (await page.request.get(page.url())).text();
  assert.doesNotMatch(html, /<script(?![^>]* src=)/);
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|javascript:|https?:/);
});

journey("injected scripts do not run", { faulty: true }, async ({ page, origin }) => {
  await page.evaluate((other) => {
    globalThis.violated = new Set();
    addEventListener("securitypolicyviolation", (event) => violated.add(event.effectiveDirective));
    const script = document.createElement("script");
    script.textContent = "globalThis.slippedIn = true";
    const image = document.createElement("img");
    image.setAttribute("onerror", "globalThis.slippedIn = true");
    image.src = `${other}/image.png`;
    document.body.append(script, image);
    fetch(other).catch(() => {});
    // In a timer, since the policy does not apply to code evaluated by the debugger.
    setTimeout(() => new Function("globalThis.slippedIn = true")());
  }, origin.replace("127.0.0.1", "localhost"));
  const directives = ["connect-src", "img-src", "script-src", "script-src-attr", "script-src-elem"];
  await page.waitForFunction((all) => all.every((it) => violated.has(it)), directives);
  assert.equal(await page.evaluate(() => globalThis.slippedIn), undefined);
});

journey("caching a file does not download it again", async ({ page, context, serve }) => {
  const requested = [];
  serve((name, { built }) => {
    requested.push(name);
    return built(name);
  });
  const visitor = await context.browser().newContext();
  const other = await visitor.newPage();
  await start(other, page.url());
  await cached(other);
  await visitor.close();
  for (const name of requested.filter((name) => /-[0-9a-f]{16}/.test(name))) {
    assert.equal(requested.filter((it) => it === name).length, 1, `${name} of ${requested}`);
  }
});

journey("after one visit the page needs no network", async ({ page, context, serve }) => {
  await cached(page);
  serve(offline);
  await context.setOffline(true);
  await page.reload();
  await realTime(page);
  await onlyLeader(page);
  await button(page, "Client request").click();
});

journey("a cached page opens at all of its addresses", async ({ page, serve }) => {
  await cached(page);
  serve(offline);
  const address = page.url();
  for (const rest of ["?from=a-mail#seed=7", "index.html"]) {
    await page.goto("about:blank");
    await start(page, address + rest);
  }
});

journey("a new version is shown at once and cached, and the old one is deleted", async ({ page, serve }) => {
  await cached(page);
  const names = () =>
    page.evaluate(async () => {
      const cache = await caches.open((await navigator.serviceWorker.ready).scope);
      return (await cache.keys()).map(({ url }) => url);
    });
  const before = await names();
  const old = before.find((url) => url.endsWith(".css"));
  serve(async (name, { built }) => {
    if (name === "index.html") {
      return String(await built(name)).replace(/style-\w+\.css/, "style-new.css");
    }
    return built(name === "style-new.css" ? old.split("/").pop() : name);
  });
  await page.reload();
  await until(page, async (old) => !(await caches.match(old)), old);
  assert.deepEqual((await names()).sort(), before.map((url) => url.replace(/style-\w+/, "style-new")).sort());
});

journey("a version that cannot be fetched completely does not replace the cached one", { faulty: true }, async ({ page, serve }) => {
  await cached(page);
  serve(async (name, { built }) => {
    const body = await built(name);
    return name === "index.html" ? String(body).replace("./icon.svg", "./no-icon.svg") : body;
  });
  await page.reload();
  await onlyLeader(page);
  serve(offline);
  await start(page, page.url());
  assert.equal(await page.locator("link[rel=icon]").getAttribute("href"), "./icon.svg");
});

journey("a server that does not respond is treated like no network", async ({ page, serve }) => {
  await cached(page);
  serve(() => new Promise(() => {}));
  await start(page, page.url());
  await onlyLeader(page);
});

journey("the page has a manifest that names its icon", async ({ page }) => {
  const manifest = await page.evaluate(async () => {
    const { href } = document.querySelector("link[rel=manifest]");
    const manifest = await (await fetch(href)).json();
    const icon = await fetch(new URL(manifest.icons[0].src, href));
    return { ...manifest, icon: icon.headers.get("content-type") };
  });
  assert.equal(manifest.name, "Hustings");
  assert.equal(manifest.icon, "image/svg+xml");
});

journey("a browser without WebAssembly gets an error message", { without: ["WebAssembly"] }, async ({ page }) => {
  await page.getByRole("alert").getByText("Hustings needs WebAssembly, which this browser does not have").waitFor();
});

journey("a browser without service workers gets the page", { serviceWorkers: "block" }, async ({ page }) => {
  await onlyLeader(page);
});

const truncated = async (name, { built }) => {
  const body = await built(name);
  return name.includes("_bg.") ? body.subarray(0, body.length / 2) : body;
};

for (const [what, handler] of [
  ["without _bg.", without("_bg.")],
  ["without hustings-page", without("hustings-page")],
  ["when _bg. is truncated,", truncated],
]) {
  journey(`${what} an error message offers a reload`, { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
    serve(handler);
    await page.reload();
    await page.getByRole("alert").getByText("Hustings could not be started").waitFor();
    serve((name, { built }) => built(name));
    await button(page, "Reload").click();
    await onlyLeader(page);
  });
}

for (const viewport of [[1280, 720], [1440, 900], [390, 844], [800, 1100]].map(([width, height]) => ({ width, height }))) {
  const size = Object.values(viewport).join(" by ");
  journey(`at ${size}, the outline has the same layout as the page`, { viewport, faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
    const parts = ["h1", ".stage", ".scene", ".scene svg", ".caption", ".side", ".logs", ".panel", ".transport", "footer"];
    // Where the servers stand depends on the shape of the stage, which one drawing cannot follow.
    if (size === "1280 by 720") {
      parts.push(".server .body", ".server:last-of-type .body");
    }
    const places = () =>
      page.evaluate((parts) => {
        const rounded = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(" ");
        return parts.map((part) => [part, rounded(document.querySelector(part).getBoundingClientRect())]);
      }, parts);
    serve(without("boot"));
    await page.reload();
    await page.locator(".outline").waitFor();
    const outline = await places();
    serve((name, { built }) => built(name));
    await start(page, page.url());
    await atStart(page);
    assert.equal(await page.locator(".outline").count(), 0);
    assert.deepEqual(await places(), outline);
  });
}

journey("when the app does not start, the page suggests a reload", { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  serve(without("boot"));
  await page.reload();
  await page.getByText("Hustings is loading…").waitFor();
  const suggestion = page.getByText("If nothing follows, reload the page.");
  assert.equal(await suggestion.isVisible(), false);
  await suggestion.waitFor();
});

journey("a panic is reported once, and a reload restarts the app", { faulty: true }, async ({ page }) => {
  await onlyLeader(page);
  // Yew panics when the DOM cannot be changed.
  await page.evaluate(() => {
    Node.prototype.insertBefore = () => {
      throw new Error("no room");
    };
  });
  await page.getByRole("alert").getByText(/Hustings has stopped, and the fault is its own \((panicked at|unreachable)/).waitFor();
  const reported = await page.getByRole("alert").innerText();
  // Later errors do not replace the report.
  await page.evaluate(() => dispatchEvent(new ErrorEvent("error", { error: { message: "later", stack: "wasm" } })));
  assert.equal(await page.getByRole("alert").innerText(), reported);
  await button(page, "Reload").click();
  await onlyLeader(page);
});
