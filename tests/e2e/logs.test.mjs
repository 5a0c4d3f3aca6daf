// The servers' logs.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, entry, runLines } from "./page.mjs";

/** The entries whose text is wider than they are. */
const clipped = (page) =>
  page.getByLabel("Servers and logs").locator("button.entry").evaluateAll((entries) => {
    const isClipped = (entry) => {
      const text = document.createRange();
      text.selectNode(entry.firstChild);
      const [box, within] = [text.getBoundingClientRect(), entry.getBoundingClientRect()];
      return box.left < within.left || box.right > within.right || box.bottom > within.bottom;
    };
    return entries.filter(isClipped).map((entry) => entry.textContent);
  });

for (const [width, height] of [[1280, 720], [1920, 1080]]) {
  journey(`terms from 1000 on are shown in full in the logs at ${width}×${height}`, { viewport: { width, height } }, async ({ page }) => {
    await atStart(page);
    await runLines(page, "timeout S1", "run 60ms", "isolate S5", "run 280s", "heal", "run 2s");
    await entry(page, "S1", 2).waitFor();
    const last = await page.getByRole("row", { name: /^S1 / }).locator("button.entry").last().innerText();
    assert.match(last, /^1\d{3}\b/);
    assert.deepEqual(await clipped(page), []);
  });
}
