// Trunk runs this on the output of every build.
//
// Adds the texts in Chinese, the page's and the laboratory's, each on a line, in the order of
// their names, and without these: src/i18n.rs reads them.
//
// `trunk serve` adds an inline script for live reload, which the page's
// Content-Security-Policy forbids; so only the page that it serves gets an exception.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const dist = process.env.TRUNK_STAGING_DIR;

const lines = (file) => {
  const texts = JSON.parse(readFileSync(file, "utf8"));
  const names = Object.keys(texts).sort();
  return names.map((name) => texts[name] + "\n").join("");
};
writeFileSync(join(dist, "zh.txt"), lines("locales/zh.json") + "\n" + lines("crates/lab/locales/zh.json"));

const index = join(dist, "index.html");
const html = readFileSync(index, "utf8");
if (html.includes(".well-known/trunk/ws")) {
  const wider = html.replace("script-src 'self'", "$& 'unsafe-inline'").replace("connect-src 'self'", "$& ws: wss:");
  writeFileSync(index, wider);
}
