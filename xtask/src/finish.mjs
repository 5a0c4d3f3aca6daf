// Trunk runs this on the output of every build.
//
// `trunk serve` adds an inline script for live reload, which the page's
// Content-Security-Policy forbids; so only the page that it serves gets an exception.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const index = join(process.env.TRUNK_STAGING_DIR, "index.html");
const html = readFileSync(index, "utf8");
if (html.includes(".well-known/trunk/ws")) {
  const wider = html.replace("script-src 'self'", "$& 'unsafe-inline'").replace("connect-src 'self'", "$& ws: wss:");
  writeFileSync(index, wider);
}
