// Lessons of one's own: captions at moments of a run.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { button, caption, press, runLines } from "./page.mjs";

/** Writes a caption at the moment that is shown. */
async function write(page, text) {
  await page.keyboard.press("n");
  const field = page.getByRole("textbox", { name: "Caption at this moment" });
  await field.fill(text);
  await field.press("Enter");
  await field.waitFor({ state: "detached" });
}

/** Its sentence; after that of the last one it says that the lesson is over. */
const shows = (page, text) =>
  caption(page).locator(".note .sentence").filter({ hasText: text }).waitFor();

journey("three moments get captions, are linked, and play by PageDown, in at most eight actions", { everywhere: true, permissions: ["clipboard-read", "clipboard-write"] }, async ({ page, context }) => {
  await press(page, "Home");
  await runLines(page, "timeout S2", "deliver all", 'propose S2 "x=1"', "deliver all");
  // A caption and the way to the next moment are an action each.
  await press(page, "Home");
  await write(page, "Nobody leads yet.");
  await press(page, "Shift+ArrowRight");
  await write(page, "S2 stands.");
  await press(page, "Shift+ArrowRight");
  await write(page, "S2 leads.");
  await shows(page, "S2 leads.");
  await page.keyboard.press("l");
  await caption(page).getByText(/link is on the clipboard/).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await start(other, link);
  await press(other, "Home");
  for (const text of ["Nobody leads yet.", "S2 stands.", "S2 leads."]) {
    await other.keyboard.press("PageDown");
    await shows(other, text);
    // Its part of the run has been played.
    await button(other, "Play").waitFor();
  }
});

journey("a caption in the past begins no branch, and what came after stays", async ({ page }) => {
  await press(page, "Home");
  await runLines(page, "timeout S2", "deliver all");
  await press(page, "Home", "ArrowRight");
  await write(page, "Here.");
  await shows(page, "Here.");
  await button(page, "Branches 1").waitFor();
  await press(page, "End");
  await page.getByRole("row", { name: /^S2 leader 1/ }).waitFor();
  await caption(page).getByText("1/1").waitFor();
});

journey("a caption is changed and deleted where it stands", async ({ page }) => {
  await press(page, "Home");
  await write(page, "First.");
  await write(page, "Second.");
  await shows(page, "Second.");
  assert.equal(await caption(page).getByText("First.").count(), 0);
  await page.keyboard.press("n");
  await button(page, "Delete").click();
  await caption(page).getByText("Second.").waitFor({ state: "detached" });
  assert.equal(await caption(page).getByText("1/1").count(), 0);
});

journey("Escape closes the field and writes nothing", async ({ page }) => {
  await press(page, "Home", "n");
  const field = page.getByRole("textbox", { name: "Caption at this moment" });
  await field.fill("Never mind");
  await field.press("Escape");
  await field.waitFor({ state: "detached" });
  assert.equal(await caption(page).getByText("Never mind").count(), 0);
});
