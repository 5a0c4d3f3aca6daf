// A command in the past forks a branch, and both branches are kept.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { atStart, becomes, button, press, runLines, table, until } from "./page.mjs";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

/** Clicks a copy button and returns the clipboard's text. */
async function copied(page, button) {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await button.click();
  await until(page, async () => (await navigator.clipboard.readText()) !== "");
  return page.evaluate(() => navigator.clipboard.readText());
}

journey("a command in the past forks a branch; branches are named, and each has a link", clipboard, async ({ page, context }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms");
  await becomes(page, "S1", "leader", 1);
  const first = await table(page);
  await press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft");
  assert.notEqual(await table(page), first);
  await press(page, "1", "c");
  await page.getByRole("status").getByText(/begins here\. What came after is kept in “main”/).waitFor();
  await runLines(page, "timeout S2", "run 60ms");
  await becomes(page, "S2", "leader", 2);
  const second = await table(page);

  await button(page, "Branches 2").click();
  const dialog = page.getByRole("dialog", { name: "Branches" });
  const names = dialog.getByRole("textbox", { name: "Name of the branch" });
  await names.nth(1).fill("S1 dies");
  await names.nth(1).press("Tab");
  await button(dialog, "Look at it: S1 dies").waitFor();

  const links = dialog.getByRole("button", { name: "Copy link" });
  const both = [await copied(page, links.nth(0)), await copied(page, links.nth(1))];
  await dialog.getByRole("button", { name: "Look at it" }).first().click();
  assert.equal(await table(page), first);
  await page.getByRole("combobox", { name: "Branch", exact: true }).selectOption("S1 dies");
  await becomes(page, "S2", "leader", 2);

  for (const [place, link] of both.entries()) {
    const other = await context.newPage();
    await start(other, link);
    assert.equal(await table(other), [first, second][place]);
    await other.close();
  }
});

journey("a command can be undone and redone", async ({ page }) => {
  await atStart(page);
  await press(page, "1", "c");
  await becomes(page, "S1", "down");
  await press(page, "u");
  await becomes(page, "S1", "follower");
  await press(page, "Shift+U");
  await becomes(page, "S1", "down");
});

journey("any branch but the current one can be removed", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "step");
  await press(page, "ArrowLeft", "2", "t");
  await button(page, "Branches 2").click();
  const dialog = page.getByRole("dialog", { name: "Branches" });
  assert(await button(dialog, "Remove branch 2").isDisabled());
  await button(dialog, "Remove main").click();
  await dialog.getByText("There is one branch.").waitFor();
  await becomes(page, "S2", "candidate", 1);
});

journey("a refused command in the past forks no branch", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "run until committed 1", "run 3s");
  const end = await table(page);
  await press(page, "Home", "Space");
  await becomes(page, "S1", "leader", 1);
  await press(page, "Space");
  await runLines(page, "restart S1");
  await page.getByText("S1 is running; crash it first").waitFor();
  await button(page, "Branches 1").waitFor();
  await press(page, "End");
  assert.equal(await table(page), end);
});
