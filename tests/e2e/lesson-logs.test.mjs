// Lessons about logs: the logs that they tell of, and the way there and back.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, caption, onStage, openScenario, press, row } from "./page.mjs";

const verdict = (page) => page.getByRole("region", { name: "Verdict" });

/** What of the logs of lessons was fetched so far. */
const fetched = (page) =>
  page.evaluate(() => {
    const names = performance.getEntriesByType("resource").map((it) => new URL(it.name).pathname);
    return names.filter((it) => it.includes("/lesson-logs/")).map((it) => it.replace(/.*\/lesson-logs\//, ""));
  });

const lessons = [
  ["cannot-hear-the-leader", ["m1.log", "m2.log", "m3.log"]],
  ["pre-vote-deadlock", ["pd1.log", "pd2.log", "pd3.log"]],
  ["rejoining-with-a-shorter-log", ["m1.log", "m2.log", "m3.log"]],
  ["two-leaders-during-a-pause", ["nomad-1.log", "nomad-2.log", "nomad-3.log"]],
];

for (const [name, files] of lessons) {
  journey(`the lesson ${name} opens its logs, which are fetched then, and is there again after them`, async ({ page }) => {
    await openScenario(page, `${name} logs`);
    await caption(page).getByText(/^The logs in samples/).waitFor();
    assert.deepEqual(await fetched(page), []);
    await press(page, "PageDown");
    await page.locator(".tour").getByText(/^2\//).waitFor();
    await button(page, "Open its logs").click();
    await verdict(page).waitFor();
    await page.getByText(files.join(", ")).waitFor();
    assert.deepEqual((await fetched(page)).sort(), files.map((file) => `${name}/${file}`));
    // The verdict leads to the lesson that the logs are from.
    await verdict(page).getByRole("button", { name: "Lesson", exact: true }).first().waitFor();
    await button(page, "Back to the lesson").click();
    await page.locator(".tour").getByText(/^2\//).waitFor();
    await button(page, "Open its logs").click();
    await verdict(page).waitFor();
    await press(page, "u");
    await page.locator(".tour").getByText(/^2\//).waitFor();
    assert.equal((await fetched(page)).length, files.length);
  });
}

journey("a moment of a lesson's logs is played on, and the lesson is found again from there", async ({ page }) => {
  await openScenario(page, "rejoining-with-a-shorter-log logs");
  await button(page, "Open its logs").click();
  await verdict(page).waitFor();
  await button(page, "Play from here").click();
  await onStage(page, "S3").waitFor();
  assert.equal(await button(page, "Open its logs").count(), 0);
  await button(page, "Back to the logs").click();
  await verdict(page).waitFor();
  await button(page, "To the run").waitFor();
  await press(page, "u");
  await page.locator(".tour").waitFor();
  await button(page, "Open its logs").waitFor();
});

journey("a lesson whose logs are those of another version says so, and stays", async ({ page, serve }) => {
  serve((name, { built }) => built(name.startsWith("lesson-logs/") ? "zh.txt" : name));
  await openScenario(page, "pre-vote-deadlock logs");
  await button(page, "Open its logs").click();
  await page.getByRole("alert").getByText(/^The logs of this lesson could not be loaded/).waitFor();
  await button(page, "Close the logs").first().click();
  await page.locator(".tour").waitFor();
  await row(page, "S1").waitFor();
});
