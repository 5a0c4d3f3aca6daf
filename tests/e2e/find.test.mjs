// A search for a run: asked in a dialog, done by a worker, opened as a lesson.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, counting, drop, fromMenu, press, rowsOf, runLines, until } from "./page.mjs";

const MODULE = "hustings-searcher_bg.wasm";
const dialog = (page) => page.getByRole("dialog", { name: "Search for a run" });
const next = (page) => dialog(page).getByRole("region", { name: "What could happen next?" });
const inDialog = (page, name) => dialog(page).getByRole("button", { name, exact: true });

/** Opens the dialog, once it knows the bounds. */
async function openDialog(page) {
  await press(page, "x");
  await dialog(page).getByText("Bounds", { exact: true }).waitFor();
  await dialog(page).locator(".fields input").first().waitFor({ state: "attached" });
}

/** Changes bounds. */
async function bound(page, values) {
  await dialog(page).getByText("Bounds", { exact: true }).click();
  for (const [name, value] of Object.entries(values)) {
    await dialog(page).getByRole("textbox", { name: new RegExp(`^${name} `) }).fill(value);
  }
}

async function lookFor(page, condition) {
  await dialog(page).getByRole("combobox", { name: "Look for" }).selectOption("a condition…");
  await dialog(page).getByRole("combobox", { name: "Condition" }).fill(condition);
}

async function breakRule(page, rule) {
  await drop(page, "start.hust", `cluster 3\nbreak ${rule}\n`);
  await until(page, (rule) => document.querySelector("#head .rules").textContent.includes(rule), rule);
}

journey("a run that breaks a rule is found from a standing start in three actions, and opens as a lesson up to the violation", async ({ page }) => {
  await breakRule(page, "forget-vote-on-restart");
  const { act, atMost } = counting();
  await act(press(page, "x"));
  await act(inDialog(page, "Search").click());
  await dialog(page).getByText(/^Found a violation, 5 steps away\. .* it is not nearer\.$/).waitFor();
  await act(inDialog(page, "Open it").click());
  atMost(3);
  await dialog(page).waitFor({ state: "detached" });
  await page.getByText("Found: a violation, 5 steps away").waitFor();
  await until(page, () => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "PageDown", bubbles: true }));
    return document.querySelector(".caption").innerText.includes("The lesson is over");
  });
  await page.getByLabel("Events", { exact: true }).locator(".violated").first().waitFor();
});

journey("what is found plays beside the same with the rule mended, where the two part", async ({ page }) => {
  await breakRule(page, "many-votes-per-term");
  await openDialog(page);
  await inDialog(page, "Search").click();
  await inDialog(page, "Open it, and beside it: no rule broken").click();
  const futures = page.getByRole("main", { name: "Two futures side by side" });
  await futures.getByRole("region", { name: "no rule broken", exact: true }).waitFor();
  await futures.getByText("In standard Raft", { exact: false }).first().waitFor();
  await press(page, "Escape");
  await futures.waitFor({ state: "detached" });
});

journey("two leaders at once are found from the shown moment, and the run before is a key away", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "deliver all");
  await openDialog(page);
  await lookFor(page, "2 leaders");
  await inDialog(page, "Search").click();
  await dialog(page).getByText(/^Found `2 leaders`, \d+ steps away/).waitFor();
  // Closed and opened again, it still has what it was asked for, and what it found.
  await press(page, "Escape", "x");
  await dialog(page).getByText(/^Found `2 leaders`, \d+ steps away/).waitFor();
  assert.equal(await dialog(page).getByRole("combobox", { name: "Condition" }).inputValue(), "2 leaders");
  await inDialog(page, "Open it").click();
  await press(page, "End");
  await rowsOf(page, "leader").nth(1).waitFor();
  await press(page, "u");
  await rowsOf(page, "leader").nth(1).waitFor({ state: "detached" });
});

journey("where there is nothing within the bounds, the dialog tells them", async ({ page }) => {
  await drop(page, "start.hust", "cluster 3\n");
  await openDialog(page);
  await dialog(page).getByRole("combobox", { name: "Where" }).selectOption("at all that is within the bounds, and nowhere else");
  await bound(page, { timeouts: "1", crashes: "0" });
  await inDialog(page, "Search").click();
  await dialog(page).getByText(/^No violation within timeouts=1 requests=1 disks=fast: all [\d,]+ states were looked at/).waitFor();
});

journey("a search pauses, goes on with the dialog closed, and stops with what it knows", async ({ page }) => {
  await openDialog(page);
  await bound(page, { timeouts: "9", crashes: "9" });
  await inDialog(page, "Search").click();
  await inDialog(page, "Pause").click();
  await inDialog(page, "Go on").waitFor();
  const line = await dialog(page).locator(".progress").innerText();
  assert.match(line, /^\d+ s: [\d,]+ states, [\d,]+ generated a second, \d+ steps? deep, [\d,]+ left there, \d+ MB; \d+ random walks$/);
  await inDialog(page, "Go on").click();
  await press(page, "Escape", "x");
  await inDialog(page, "Stop").click();
  await dialog(page).getByText(/^No violation was found\. Within timeouts=9 .* before the search was stopped\. States that differ only in the names of servers count as one\.$/).waitFor();
});

journey("what could happen next is listed with what it leads to, and a click has it happen", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "deliver S1->S2", "deliver S1->S3", "deliver S2->S1");
  await press(page, "x");
  const elects = next(page).getByRole("button", { name: /^deliver S3->S1 .*S1 would lead in term 1\./ });
  await elects.waitFor();
  await elects.press("Enter");
  await elects.waitFor({ state: "detached" });
  await next(page).getByRole("button", { name: /^crash S1 / }).waitFor();
  await press(page, "Escape");
  await becomes(page, "S1", "leader", 1);
});

journey("what cannot be searched is refused with a sentence, and nothing is lost", async ({ page }) => {
  await atStart(page);
  await openDialog(page);
  await lookFor(page, "2 leders");
  await inDialog(page, "Search").click();
  await dialog(page).getByRole("alert").getByText("did you mean `leaders`?").waitFor();
  await dialog(page).getByRole("combobox", { name: "Condition" }).fill("2 leaders");
  await bound(page, { timeouts: "300" });
  await inDialog(page, "Search").click();
  await dialog(page).getByRole("alert").getByText("`timeouts=300` needs a number from 0 to 255").waitFor();
});

journey("a program's flaw is found, and Raft stands beside it", async ({ page }) => {
  await drop(page, "start.hust", `cluster 3
run all message-dispatch
mend message-dispatch votes-not-counted
state S1 term=1 log=1 commit=1
state S2 term=1 log=1 commit=1
state S3 term=1
`);
  await page.getByText("Programs: message-dispatch").waitFor();
  await openDialog(page);
  await inDialog(page, "Search").click();
  await dialog(page).getByText(/^Found a violation, \d+ steps away/).waitFor();
  await inDialog(page, "Open it, and beside it: Raft's core instead").waitFor();
});

journey("the search is not part of a first visit, and one that cannot be loaded is reported and comes when asked again", { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  const fetched = () => page.evaluate((name) => performance.getEntriesByType("resource").some((it) => it.name.includes(name)), "searcher");
  assert.equal(await fetched(), false);
  serve((name, { built }) => {
    assert.notEqual(name, MODULE);
    return built(name);
  });
  await press(page, "x");
  await dialog(page).getByText(/^The search could not be loaded, or could not go on\./).first().waitFor();
  serve((name, { built }) => built(name));
  await press(page, "Escape", "x");
  await inDialog(page, "Search").click();
  await inDialog(page, "Stop").waitFor();
});

journey("in Chinese the worker speaks Chinese, too", { locale: "zh-CN" }, async ({ page }) => {
  await atStart(page);
  await press(page, "x");
  const dialog = page.getByRole("dialog", { name: "搜索运行" });
  await dialog.getByText("界限", { exact: true }).click();
  await dialog.getByText("服务器崩溃的次数").waitFor();
  await dialog.getByRole("button", { name: "开始搜索" }).click();
  await dialog.getByRole("button", { name: "停止" }).click();
  await dialog.getByText(/^没有违反被找到。在 timeouts=2 .*之内，已查看：/).waitFor();
});

journey("the menu has the search, which works on a phone", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await fromMenu(page, "Search for a run");
  await inDialog(page, "Search").waitFor();
  const { width } = await dialog(page).boundingBox();
  assert(width <= 390);
  const body = await page.locator("#dialog-body").evaluate((it) => [it.scrollWidth, it.clientWidth]);
  assert(body[0] <= body[1], `${body}`);
});
