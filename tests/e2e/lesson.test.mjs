// Lessons play: a caption, its part of the run, and a stop with the result.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { becomes, button, openScenario, press, table } from "./page.mjs";

const lesson = (page) => page.getByRole("group", { name: "Lesson" });
const at = (page, place) => lesson(page).getByText(place, { exact: true });
const over = /^The lesson is over\./;

/** Waits until the part of the caption has been shown. */
const stopped = (page) => button(page, "Play").waitFor();

journey("a lesson opens with its first caption, plays its part and stops with the result", async ({ page }) => {
  await openScenario(page, "split-vote first-steps");
  await at(page, "1/4").waitFor();
  await button(page, "Pause").waitFor();
  await becomes(page, "S4", "candidate", 1);
  await stopped(page);
  await at(page, "1/4").waitFor();
});

journey("PageDown alone plays a lesson to its end, where a sentence says that it is over", { everywhere: true }, async ({ page }) => {
  await openScenario(page, "client-request first-steps");
  for (let caption = 1; caption <= 5; caption += 1) {
    await at(page, `${caption}/5`).waitFor();
    await stopped(page);
    await press(page, "PageDown");
  }
  await page.getByRole("status").getByText(over).waitFor();
  await at(page, "5/5").waitFor();
  assert.doesNotMatch(await page.locator("body").innerText(), /nothing ahead|no caption/i);
});

journey("PageDown while a part plays goes to its end, PageUp back to the end of the part before", async ({ page }) => {
  await openScenario(page, "client-request first-steps");
  await press(page, "PageDown");
  await stopped(page);
  const first = await table(page);
  await press(page, "PageDown", "PageDown", "PageDown", "PageDown");
  await at(page, "3/5").waitFor();
  await stopped(page);
  await press(page, "PageUp", "PageUp");
  await at(page, "1/5").waitFor();
  assert.equal(await table(page), first);
});

journey("Play stops at the end of each part and goes on with the next caption", async ({ page }) => {
  await openScenario(page, "client-request first-steps");
  await press(page, "PageDown");
  await stopped(page);
  await press(page, "Space");
  await at(page, "2/5").waitFor();
  await stopped(page);
  await at(page, "2/5").waitFor();
});

journey("with reduced motion a lesson steps from result to result", { reducedMotion: "reduce" }, async ({ page }) => {
  await button(page, "Play").waitFor();
  await openScenario(page, "client-request first-steps");
  for (let caption = 1; caption <= 5; caption += 1) {
    await at(page, `${caption}/5`).waitFor();
    assert.equal(await button(page, "Pause").count(), 0);
    await press(page, "PageDown");
  }
  await page.getByRole("status").getByText(over).waitFor();
});
