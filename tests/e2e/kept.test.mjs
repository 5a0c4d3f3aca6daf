// Nothing is lost without a word: what was there is one key away.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { atStart, becomes, button, chooseServers, fromMenu, openScenario, press, runLines, table, workDone } from "./page.mjs";

const status = (page, text) => page.getByRole("status").getByText(text);
const kept = "The run before is kept: U brings it back.";

/** A run of two branches, paused at the end of the second; returns its table. */
async function twoBranches(page) {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms");
  await becomes(page, "S1", "leader", 1);
  await press(page, "ArrowLeft", "1", "c");
  await becomes(page, "S1", "down");
  await button(page, "Branches 2").waitFor();
  return table(page);
}

const script = "cluster 3\ntimeout S3\nrun 80ms\n";

/** The ways to another run, each with what shows that it is there. */
const ways = {
  "starting over": (page) => fromMenu(page, "Start over"),
  "another number of servers": (page) => chooseServers(page, 3),
  "the set-up": async (page) => {
    await button(page, "Set-up").click();
    await button(page, "Start a new run").click();
  },
  "a lesson": (page) => openScenario(page, "split-vote first-steps"),
  "a file": async (page) => {
    await button(page, "Share").click();
    await page.getByLabel("Open a script").setInputFiles({ name: "run.hust", mimeType: "text/plain", buffer: Buffer.from(script) });
  },
  "a link": (page) => page.evaluate(() => void (location.hash = "#cluster+3;crash+S2;end")),
};

for (const [way, go] of Object.entries(ways)) {
  journey(`after ${way}, U brings back the run before with its branches, and Shift+U goes forward again`, async ({ page }) => {
    const shown = await twoBranches(page);
    await go(page);
    await status(page, kept).waitFor();
    assert.notEqual(await table(page), shown);
    await press(page, "u");
    await status(page, "This is the run before.").waitFor();
    assert.equal(await table(page), shown);
    await button(page, "Branches 2").waitFor();
    await press(page, "Shift+U");
    await button(page, "Branches 1").waitFor();
  });
}

journey("the branches' dialog lists the runs before and shows one again", async ({ page }) => {
  const shown = await twoBranches(page);
  await openScenario(page, "split-vote first-steps");
  await fromMenu(page, "Start over");
  await page.getByRole("button", { name: /^Branches / }).click();
  const dialog = page.getByRole("dialog", { name: "Branches" });
  await dialog.getByRole("heading", { name: "Runs before" }).waitFor();
  await dialog.getByRole("listitem").filter({ hasText: "A split vote" }).waitFor();
  await dialog.getByRole("button", { name: /^Look at it: 5 servers, seed/ }).click();
  await button(page, "Branches 2").waitFor();
  assert.equal(await table(page), shown);
});

journey("a reload keeps all branches, the runs before with theirs, and the moment that is shown", async ({ page }) => {
  const before = await twoBranches(page);
  await openScenario(page, "split-vote first-steps");
  await press(page, "End", "ArrowLeft", "ArrowLeft", "1", "c");
  await button(page, "Branches 2").waitFor();
  await press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft");
  const shown = await table(page);
  await page.reload();
  await button(page, "Branches 2").waitFor();
  assert.equal(await table(page), shown);
  await button(page, "Branches 2").click();
  const dialog = page.getByRole("dialog", { name: "Branches" });
  await dialog.getByRole("button", { name: /^Look at it: 5 servers, seed/ }).click();
  await dialog.waitFor({ state: "detached" });
  await workDone(page);
  assert.equal(await table(page), before);
  await page.reload();
  await button(page, "Branches 2").waitFor();
  assert.equal(await table(page), before);
});

journey("a reload keeps the line that was being written", async ({ page }) => {
  await atStart(page);
  await press(page, "/");
  const line = page.getByRole("textbox", { name: "Command line" });
  await line.fill("crash S");
  await page.reload();
  assert.equal(await line.inputValue(), "crash S");
  await line.press("4");
  await line.press("Enter");
  await becomes(page, "S4", "down");
  await line.press("Escape");
  await page.reload();
  await becomes(page, "S4", "down");
  assert.equal(await line.count(), 0);
});

journey("what does not fit into the browser's storage is left out, the oldest first, and the next visit says so", async ({ page }) => {
  await twoBranches(page);
  await openScenario(page, "split-vote first-steps");
  await press(page, "End", "1", "c");
  await becomes(page, "S1", "down");
  const shown = await table(page);
  await page.evaluate(() => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (name, text) {
      if (name === "hustings.run" && text.split("%run").length > 2) {
        throw new DOMException("full", "QuotaExceededError");
      }
      setItem.call(this, name, text);
    };
  });
  await page.reload();
  await status(page, /^Of your last visit, the oldest branches and runs did not fit .*: \d+\.$/).waitFor();
  assert.equal(await table(page), shown);
});

journey("a link that is opened in another visit keeps the run of the last visit", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S3", "run 80ms", "crash S5");
  await becomes(page, "S5", "down");
  const shown = await table(page);
  const address = page.url();
  await page.goto("about:blank");
  await start(page, `${address}#cluster+3;crash+S2;end`);
  await status(page, kept).waitFor();
  await becomes(page, "S2", "down");
  await press(page, "u");
  await becomes(page, "S5", "down");
  assert.equal(await table(page), shown);
});

journey("a goal that is not reached is told, with what is so instead", async ({ page }) => {
  await runLines(page, "run until S5 is candidate within 20s");
  await status(page, /^Not reached: waited for S5 to be candidate within 20s, but found S1 .* term=\d/).waitFor();
});
