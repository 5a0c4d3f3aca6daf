// The stage and the diagram as pictures, and the page embedded in another.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { journey } from "./harness.mjs";
import { atStart, button, press, runLines } from "./page.mjs";

/** Downloads a picture and returns its name and bytes. */
async function saved(page, name) {
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
}

for (const [what, id] of [["Stage", "stage"], ["Diagram", "timeline"]]) {
  journey(`the ${what.toLowerCase()} is saved as SVG and as PNG`, async ({ page }) => {
    await atStart(page);
    await runLines(page, "timeout S1", "run 60ms");
    await button(page, "Share").click();

    const drawing = await saved(page, `${what} as SVG`);
    assert.equal(drawing.name, `hustings-${id}.svg`);
    const text = drawing.bytes.toString("utf8");
    // Programs other than browsers know neither of these.
    assert.doesNotMatch(text, /var\(|light-dark\(|color-mix|xhtml|foreignObject|<style|\sstyle=|\sclass=|rgba\(|color\(/);
    const read = await page.evaluate(readDrawing, text);
    assert.deepEqual([read.root, read.error], ["svg", undefined]);
    for (const server of ["S1", "S2", "S3", "S4", "S5"]) {
      assert(read.words.includes(server));
    }
    assert.deepEqual(read.unpainted, []);
    assert.deepEqual(read.others, []);
    assert(read.shapes > 40, `${read.shapes} shapes`);
    assert.match(read.ground, /^rgb\(255, 255, 255\)$/);

    const bitmap = await saved(page, `${what} as PNG`);
    assert.equal(bitmap.name, `hustings-${id}.png`);
    const colours = await coloursOf(page, bitmap.bytes);
    assert(colours > 20, `${colours} colours`);
  });
}

/** In the page: what an SVG has, and which of its shapes have no colour of their own. */
function readDrawing(text) {
  const drawing = new DOMParser().parseFromString(text, "image/svg+xml");
  const all = [...drawing.querySelectorAll("*")];
  const shapes = all.filter((it) => it.matches("path, line, circle, ellipse, rect, polygon, polyline, text, tspan"));
  const isPainted = (it) => [it.getAttribute("fill"), it.getAttribute("stroke")].some((colour) => /^(#|rgb\(|url\(#|white)/.test(colour ?? ""));
  return {
    root: drawing.documentElement.localName,
    error: drawing.querySelector("parsererror")?.textContent,
    words: drawing.documentElement.textContent,
    shapes: shapes.length,
    unpainted: shapes.filter((it) => !isPainted(it)).map((it) => it.outerHTML),
    others: all.filter((it) => it.namespaceURI !== "http://www.w3.org/2000/svg").map((it) => it.localName),
    ground: drawing.querySelector("rect").getAttribute("fill"),
  };
}

journey("a picture of a dark page is dark", { colorScheme: "dark" }, async ({ page }) => {
  await atStart(page);
  await button(page, "Share").click();
  const { bytes } = await saved(page, "Stage as SVG");
  const { ground } = await page.evaluate(readDrawing, bytes.toString("utf8"));
  const [red] = ground.match(/\d+/g).map(Number);
  assert(red < 60, ground);
});

/** The number of colours in a bitmap. */
async function coloursOf(page, bytes) {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext("2d");
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    return new Set(new Uint32Array(data.buffer)).size;
  }, bytes.toString("base64"));
}

journey("an embedded page shows only stage, caption and time controls", { path: "?embed", viewport: { width: 700, height: 560 } }, async ({ page }) => {
  await page.getByRole("group", { name: "Cluster" }).waitFor();
  await page.getByLabel("Caption", { exact: true }).waitFor();
  await button(page, "Pause").waitFor();
  for (const hidden of ["Share", "Set-up", "Start over", "Scenarios", "Partition"]) {
    assert.equal(await button(page, hidden).count(), 0, hidden);
  }
  assert.equal(await page.getByRole("table").count(), 0);
  await press(page, "Space");
  await button(page, "Play").waitFor();
});
