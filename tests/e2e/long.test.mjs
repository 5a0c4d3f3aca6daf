// What takes long is done a part at a time: the page shows how far it is, and it can be stopped.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { atStart, becomes, button, press, runLines, table, workDone } from "./page.mjs";

/** One link after the other carries nothing, so that leaders fall. */
const cuts = ["S1->S2", "S2->S1", "S2->S3", "S3->S1", "S4->S2", "S5->S1"].map((link) => `cut ${link}`);

/** The fragment of a link to a run. */
const linkTo = (...lines) => `#${lines.join(";").replaceAll(" ", "+").replaceAll(">", "%3E")};end`;

/** Types a line and leaves the command line open. */
async function type(page, line) {
  await page.keyboard.press("/");
  await page.keyboard.type(line);
  await page.keyboard.press("Enter");
}

const clock = (page) => page.locator("output.clock").innerText();
const status = (page, text) => page.getByRole("status").getByText(text);

journey("Escape stops a long command: nothing of it is done, and the page says how far it came", async ({ page }) => {
  await atStart(page);
  await runLines(page, ...cuts);
  const [shown, at] = [await table(page), await clock(page)];
  await type(page, "run 3600s");
  await status(page, "“run 3600s” is under way. Esc stops it.").waitFor({ state: "attached" });
  assert.equal(await table(page), shown);
  await press(page, "Escape");
  await status(page, /^Stopped at \d.*: nothing of “run 3600s” was done\.$/).waitFor();
  assert.deepEqual([await table(page), await clock(page)], [shown, at]);
  // The last command is the one before.
  await press(page, "Escape");
  await page.getByRole("region", { name: "Command line" }).getByText(cuts.at(-1)).waitFor();
});

journey("a long command can be stopped with a button, too, and goes on to its end if it is not", async ({ page }) => {
  await atStart(page);
  await type(page, "run 3600s");
  await button(page, "Stop").click();
  await status(page, /^Stopped at /).waitFor();
  await press(page, "Escape");
  await runLines(page, "run 300s");
  await page.getByRole("region", { name: "Command line" }).getByText("run 300s").waitFor();
});

journey("what is done while a long command is under way happens after it", async ({ page }) => {
  await atStart(page);
  await runLines(page, ...cuts, "run 300s");
  const after = await clock(page);
  await press(page, "u");
  await runLines(page, "run 300s", "crash S2");
  await becomes(page, "S2", "down");
  assert.equal(await clock(page), after);
});

journey("a link to a long run can be stopped, and the run that was there stays", async ({ page }) => {
  await atStart(page);
  await runLines(page, "crash S4");
  const shown = await table(page);
  await page.evaluate((hash) => void (location.hash = hash), linkTo("cluster 5", ...cuts, "run 3600s"));
  await status(page, "The run is being played. Esc stops it.").waitFor({ state: "attached" });
  await press(page, "Escape");
  await status(page, /^Stopped at \d.*: the run is not opened\.$/).waitFor();
  assert.equal(await table(page), shown);
});

journey("the run of the last visit is not lost when it is stopped, or the page left, before it is open", async ({ page }) => {
  await atStart(page);
  await runLines(page, ...cuts, "run 1000s");
  const shown = await table(page);
  const opening = status(page, "The run is being played. Esc stops it.");
  await page.reload();
  await opening.waitFor({ state: "attached" });
  await page.reload();
  await opening.waitFor({ state: "attached" });
  await press(page, "Escape");
  await status(page, /the run of your last visit is not opened/).waitFor();
  await page.goto("about:blank");
  await page.goBack();
  await opening.waitFor({ state: "attached" });
  await workDone(page);
  assert.equal(await table(page), shown);
});
