// Trunk runs this on the output of every build.
//
// Adds the texts in Chinese, those of the page, of the laboratory, of a search and of logs, each on
// a line, in the order of their names, and without these: src/i18n.rs reads them. Adds the scenarios, which
// src/gallery.rs reads. The page takes neither unless it is what build.rs has made of the
// same files.
//
// Enters the versions of the interpreter and of what workers run into the page: Trunk names
// them without one.
//
// `trunk serve` adds an inline script for live reload, which the page's
// Content-Security-Policy forbids; so only the page that it serves gets an exception.

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, parse } from "node:path";

const dist = process.env.TRUNK_STAGING_DIR;

const lines = (file) => {
  const texts = JSON.parse(readFileSync(file, "utf8"));
  const names = Object.keys(texts).sort();
  return names.map((name) => texts[name] + "\n").join("");
};
const texts = ["", "crates/lab/", "crates/search/", "crates/logs/"];
const files = texts.map((folder) => `${folder}locales/zh.json`);
writeFileSync(join(dist, "zh.txt"), files.map(lines).join("\n"));

// By name without extension: `figure-8` comes before `figure-8-overwritten`.
const sorted = (folder) => {
  const entries = readdirSync(folder).map((file) => [parse(file).name, join(folder, file)]);
  return entries.sort(([one], [other]) => (one < other ? -1 : 1));
};
const isOmitted = (line) => line === "" || line.startsWith("#") || line.startsWith("expect ");
const strip = (script) => {
  const lines = script.split("\n").map((line) => line.trim());
  return lines.filter((line) => !isOmitted(line)).map((line) => line + "\n").join("");
};
const scenarios = sorted("scenarios").flatMap(([group, folder]) =>
  sorted(folder).map(([name, file]) => `${group}/${name}\n${strip(readFileSync(file, "utf8"))}\n`),
);
writeFileSync(join(dist, "scenarios.txt"), scenarios.join(""));

const version = (...files) => {
  const hash = createHash("sha256");
  for (const file of files) {
    hash.update(readFileSync(join(dist, file)));
  }
  return hash.digest("hex").slice(0, 16);
};
const versions = {
  interpreter: version("hustings-interpreter.js", "hustings-interpreter_bg.wasm"),
  worker: version("worker.js"),
};
for (const module of ["hustings-searcher", "hustings-log-reader"]) {
  versions[module] = version(`${module}.js`, `${module}_bg.wasm`);
}

const index = join(dist, "index.html");
const html = Object.entries(versions).reduce(
  (html, [name, version]) => html.replace(`unversioned-${name}`, version),
  readFileSync(index, "utf8"),
);
const isServed = html.includes(".well-known/trunk/ws");
const wider = html.replace("script-src 'self'", "$& 'unsafe-inline'").replace("connect-src 'self'", "$& ws: wss:");
writeFileSync(index, isServed ? wider : html);
