// Trunk runs this after every build, on what it has built.
//
// `trunk serve` writes a script into the page that reloads it, which the page's
// policy forbids; so the page that it serves, and no other, gets a wider one.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const index = join(process.env.TRUNK_STAGING_DIR, "index.html");
const html = readFileSync(index, "utf8");
if (html.includes(".well-known/trunk/ws")) {
  const wider = html.replace("script-src 'self'", "$& 'unsafe-inline'").replace("connect-src 'self'", "$& ws: wss:");
  writeFileSync(index, wider);
}
