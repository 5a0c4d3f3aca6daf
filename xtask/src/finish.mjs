// Trunk runs this after every build, on what it has built.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const { TRUNK_STAGING_DIR: dir, TRUNK_PROFILE: profile } = process.env;
const index = join(dir, "index.html");
let html = readFileSync(index, "utf8");

// `trunk serve` writes a script into the page that reloads it, which the page's
// policy forbids; so the page that it serves, and no other, gets a wider one.
if (html.includes(".well-known/trunk/ws")) {
  html = html.replace("script-src 'self'", "$& 'unsafe-inline'").replace("connect-src 'self'", "$& ws: wss:");
} else {
  html = html.replace(/<!--.*?-->/gs, "").replace(/\s+/g, " ");
}
if (profile === "release") {
  const { shrink } = await import("./shrink.mjs");
  html = await shrink(dir, html);
}
writeFileSync(index, html);
