// Samples of many runs: asked for in a dialog, played by a worker, shown as curves and tables.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { journey } from "./harness.mjs";
import { atStart, drop, fromMenu, press, runLines } from "./page.mjs";

const dialog = (page) => page.getByRole("dialog", { name: "Sample many runs" });
const inDialog = (page, name) => dialog(page).getByRole("button", { name, exact: true });
const choose = (page, menu, option) => dialog(page).getByRole("combobox", { name: menu }).selectOption(option);
const numbers = (page) => dialog(page).getByRole("region", { name: /^Time to / }).getByRole("row");
const over = (page, runs) => dialog(page).getByText(new RegExp(` s: ${runs} of ${runs} runs$`)).waitFor();

/** Three servers that S1 leads. */
async function led(page) {
  await atStart(page);
  await drop(page, "start.hust", "cluster 3\ntimeout S1\ndeliver all\n");
  await press(page, "End");
}

/** Opens the dialog, once it knows what it says, and asks for few runs. */
async function openDialog(page) {
  await press(page, "m");
  await choose(page, "Runs", "100");
}

journey("the time to a leader is compared with no spread and with pre-vote, as curves, as tables, and as a file", async ({ page }) => {
  await led(page);
  await openDialog(page);
  await choose(page, "First", "the leader crashes");
  await choose(page, "Each run lasts at most", "3 s");
  await dialog(page).getByRole("checkbox", { name: "timeouts 150–150 ms" }).check();
  await dialog(page).getByRole("checkbox", { name: "pre-vote on", exact: true }).check();
  await inDialog(page, "Sample").click();
  await over(page, 300);
  await dialog(page).getByText("Time to `stable leader` after the leader crashes; 100 runs of at most 3s, seeds from 1").first().waitFor();
  const rows = await numbers(page).allInnerTexts();
  assert.equal(rows.length, 4);
  assert.match(rows[0], /never\s+median\s+90 %\s+99 %\s+longest\s+elections\s+won\s+lost terms\s+violations\s+Open a run/);
  assert.match(rows[1], /^A as it is\s+0\.0 %\s+\d+ms/);
  assert.match(rows.find((row) => row.includes("150–150")), /100\.0 %\s+never/);
  assert.equal(await dialog(page).locator(".plot path.curve").count(), 3);
  assert.deepEqual(await dialog(page).locator(".plot .mark").allTextContents(), ["A", "B", "C"]);
  const [download] = await Promise.all([page.waitForEvent("download"), inDialog(page, "Save all runs (CSV)").click()]);
  assert.equal(download.suggestedFilename(), "hustings-sample.csv");
  const table = await readFile(await download.path(), "utf8");
  assert.equal(table.split("\n")[0], "setting,run,seed,reached_ms,waited_ms,elections,won,terms_without_winner,violated");
  assert.equal(table.trim().split("\n").length, 301);
});

journey("the slowest run opens where it goes on by itself, and the run before is a key away", async ({ page }) => {
  await led(page);
  await openDialog(page);
  await choose(page, "First", "the leader is isolated");
  await inDialog(page, "Sample").click();
  await over(page, 100);
  await dialog(page).getByRole("button", { name: "longest: as it is" }).click();
  await dialog(page).waitFor({ state: "detached" });
  await page.getByText(/^Run \d+ of a sample, as it is: from here on/).first().waitFor();
  // What came of the sample is still there.
  await press(page, "m");
  await over(page, 100);
  await press(page, "Escape", "u");
  await page.getByText(/of a sample/).first().waitFor({ state: "detached" });
});

journey("a sample stops with what it has, goes on with the dialog closed, and ends with the page", async ({ page }) => {
  await led(page);
  await press(page, "m");
  await choose(page, "Runs", "10000");
  await inDialog(page, "Sample").click();
  await numbers(page).nth(1).waitFor();
  await inDialog(page, "Stop").click();
  await inDialog(page, "Go on").waitFor();
  const told = await dialog(page).locator(".progress").innerText();
  assert.match(told, /^\d+\.\d s: [\d,]+ of 10,000 runs$/);
  await inDialog(page, "Go on").click();
  await press(page, "Escape", "m");
  await inDialog(page, "Stop").waitFor();
  // Closed in the middle, the next visit says so.
  await page.reload();
  await page.getByText("The sample that was under way ended when the page was closed").first().waitFor();
});

journey("what cannot be sampled is refused with a sentence, and nothing is lost", async ({ page }) => {
  await atStart(page);
  await openDialog(page);
  await choose(page, "First", "the leader crashes");
  await inDialog(page, "Sample").click();
  await dialog(page).getByRole("alert").getByText("as it is: nobody leads at the moment from which runs go on").waitFor();
  await choose(page, "First", "nothing happens");
  await choose(page, "Wait for", "a condition…");
  await dialog(page).getByRole("combobox", { name: "Condition" }).fill("2 leders");
  await inDialog(page, "Sample").click();
  await dialog(page).getByRole("alert").getByText("did you mean `leaders`?").waitFor();
  await dialog(page).getByRole("combobox", { name: "Condition" }).fill("term 2");
  await inDialog(page, "Sample").click();
  await over(page, 100);
});

journey("beside what could happen next stands how often a leader comes within a second", async ({ page }) => {
  await atStart(page);
  await runLines(page, "crash S1", "crash S2", "crash S3");
  await press(page, "x");
  const next = page.getByRole("region", { name: "What could happen next?" });
  await next.getByText("In 0 of 200 random futures, a leader that stays is there within 1s.").waitFor();
  await next.getByRole("button", { name: /^restart S3 / }).click();
  await next.getByText(/^In [1-9]\d* of 200 random futures/).waitFor();
});

journey("in Chinese the worker says in Chinese what comes of a sample", { locale: "zh-CN" }, async ({ page }) => {
  await atStart(page);
  await press(page, "m");
  const dialog = page.getByRole("dialog", { name: "大量运行抽样" });
  await dialog.getByRole("combobox", { name: "运行次数" }).selectOption("100");
  await dialog.getByRole("button", { name: "开始抽样" }).click();
  await dialog.getByText(/ 秒：100 \/ 100 次运行$/).waitFor();
  await dialog.getByRole("button", { name: "最长: 原样" }).waitFor();
});

journey("the menu has samples, whose curves and tables have room on a phone", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await fromMenu(page, "Sample many runs");
  await choose(page, "Runs", "100");
  await inDialog(page, "Sample").click();
  await over(page, 100);
  const body = await page.locator("#dialog-body").evaluate((it) => [it.scrollWidth, it.clientWidth]);
  assert(body[0] <= body[1], `${body}`);
});
