import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

for (const file of process.argv.slice(1)) {
  const raw = readFileSync(file);
  // The same as `gzip -9`.
  const gzip = gzipSync(raw, { level: 9, memLevel: 9 });
  const brotli = brotliCompressSync(raw, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  });
  console.log(raw.length, gzip.length, brotli.length);
}
