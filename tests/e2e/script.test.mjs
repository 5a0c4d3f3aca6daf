// The script editor: writing a script, playing it, its errors and failures.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, caption, drop, fromMenu, press, runLines, until } from "./page.mjs";

const chinese = { locale: "zh-CN" };
const editor = (page) => page.getByRole("textbox", { name: "Script", exact: true });
const problems = (page) => page.getByRole("region", { name: "Events and details" }).locator(".diagnostics").getByRole("button");
/** The line that is marked as the one whose command made the shown record. */
const marked = (page) => page.locator(".editor .marked");

/** Opens the editor with a text in it. */
async function write(page, text) {
  await press(page, "e");
  await editor(page).fill(text);
}

journey("a script is written from the keyboard and played as a new run, and U brings back the run before", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S4", "crash S5");
  await write(page, "cluster 3\ntimeout S2\ndeliver all\nexpect S2 leader\npropose S2 \"x=1\"\n");
  await page.getByText("Changed, not played yet").waitFor();
  await press(page, "Control+Enter");
  await page.getByText("The run before is kept: U brings it back. Played to its end; expectations that hold: 1.").waitFor();
  assert.equal(await editor(page).inputValue(), "cluster 3\ntimeout S2\ndeliver all\nexpect S2 leader\npropose S2 \"x=1\"\n");
  assert.match(await marked(page).innerText(), /^propose S2/);
  await press(page, "Escape", "Escape");
  await editor(page).waitFor({ state: "detached" });
  await becomes(page, "S2", "leader", 1);
  await press(page, "u");
  await becomes(page, "S5", "down");
});

journey("errors stand at their lines as one types, all of them, with what was meant", async ({ page }) => {
  await write(page, "cluster 3\ncrush S1\ncrash S7\nheal\nexpect S1 tern=2\n");
  await problems(page).nth(2).waitFor();
  assert.deepEqual(await problems(page).allInnerTexts(), [
    "Line 2: `crush` cannot stand here; did you mean `crash`?",
    "Line 3: expected a server S1 to S3, found `S7`",
    "Line 5: expected `term=…`, `voted-for=…`, `log=…`, `last=…`, `commit=…`, `leader=…` or `members=…`, found `tern`; did you mean `term=…`?",
  ]);
  await page.getByText("Errors: 3").waitFor();
  assert.equal(await editor(page).getAttribute("aria-invalid"), "true");
  // Each leads to its place.
  await problems(page).nth(1).click();
  assert.equal(await editor(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), "S7");
  await page.keyboard.type("S3");
  await problems(page).nth(2).waitFor({ state: "detached" });
  // A text with errors is not played, and nothing is lost.
  await press(page, "Control+Enter");
  await page.getByRole("alert").getByText(/^Not done: line 2, column 1: .*\(1 more\)$/).waitFor();
  assert.match(await editor(page).inputValue(), /^crash S3$/m);
});

journey("a refused step and a failed expectation are marked at their lines, and the page stands at the first", async ({ page }) => {
  await write(page, "cluster 3\ntimeout S1\nexpect S1 leader\ndeliver all\nrestart S2\nheal\n");
  await button(page, "Play it").click();
  await page.getByRole("alert").getByText("Line 3 fails: expected S1 leader, found S1 candidate").waitFor();
  await page.getByText("Lines that failed: 2").waitFor();
  assert.match(await marked(page).innerText(), /^timeout S1/);
  // Choosing the other goes to its moment.
  await problems(page).filter({ hasText: "Line 5: S2 is running; crash it first" }).click();
  await until(page, () => document.querySelector(".editor .marked").textContent.startsWith("deliver all"));
  await press(page, "Escape");
  await button(page, "‹ Events").click();
  await becomes(page, "S1", "leader", 1);
});

journey("a dropped script with a refused step opens up to it, with the error at its line", async ({ page }) => {
  await atStart(page);
  await drop(page, "broken.hust", "cluster 3\n# S1 stands\ntimeout S1\ncrash S2\nisolate S3\nrestart S1\npropose S1 \"x=1\"\n");
  await page.getByRole("alert").getByText("Line 6 fails: S1 is running; crash it first").waitFor();
  assert.match(await marked(page).innerText(), /^isolate S3/);
  assert.match(await editor(page).inputValue(), /^# S1 stands$/m);
  await button(page, "‹ Events").click();
  await becomes(page, "S2", "down");
});

journey("a dropped script with errors opens in the editor, and one that was being written is kept", async ({ page }) => {
  await write(page, "cluster 3\ntimeout S3\n");
  await drop(page, "mine.hust", "\u{feff}cluster 3\r\ncrush S1\r\n");
  await page.getByRole("alert").getByText("Not done: mine.hust: line 2, column 1: `crush` cannot stand here; did you mean `crash`?").waitFor();
  assert.equal(await editor(page).inputValue(), "cluster 3\ncrush S1\n");
  await editor(page).fill("cluster 3\ncrash S1\n");
  await press(page, "Control+Enter");
  await page.getByText(/Played to its end/).waitFor();
  await button(page, "With my changes").click();
  assert.equal(await editor(page).inputValue(), "cluster 3\ntimeout S3\n");
});

journey("a file that is no script is told so by its name, and nothing changes", async ({ page }) => {
  await atStart(page);
  const told = page.getByRole("alert");
  // Whatever is dropped and is not called a script is taken for logs.
  const choose = async (name, text) => {
    await button(page, "Share").click();
    const file = { name, mimeType: "text/plain", buffer: Buffer.from(text) };
    await page.getByLabel("Open a script").setInputFiles(file);
  };
  await choose("photo.png", "\u{fffd}PNG\r\n\u{1a}\n\0\0\0\rIHDR");
  await told.getByText("Not done: photo.png: this is no script: it is not text").waitFor();
  await choose("package.json", "{\n  \"name\": \"x\"\n}\n");
  await told.getByText(/^Not done: package\.json: this is no script of Hustings: .*, not with `\{`$/).waitFor();
  await choose("raft.log", "2026-01-01 INFO campaign\n".repeat(100));
  await told.getByText(/^Not done: raft\.log: this is no script of Hustings: .*, not with `2026-01-01`$/).waitFor();
  assert.equal(await editor(page).count(), 0);
});

journey("selecting a server shows it in place of the script, whose changes are there on the way back and after a reload", async ({ page }) => {
  await write(page, "cluster 5\ncrash S1\n");
  await press(page, "Escape", "2");
  await page.getByRole("heading", { name: /^S2 / }).waitFor();
  await button(page, "‹ Script").click();
  assert.equal(await editor(page).inputValue(), "cluster 5\ncrash S1\n");
  await page.reload();
  await fromMenu(page, "Script");
  assert.equal(await editor(page).inputValue(), "cluster 5\ncrash S1\n");
});

journey("the script of a run follows what is done to it, and its line leads to its moment", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S2", "crash S3", "restart S3");
  await press(page, "e");
  assert.match(await editor(page).inputValue(), /^cluster 5\nseed \d+\n\ntimeout S2\ncrash S3\nrestart S3\n$/);
  assert.match(await marked(page).innerText(), /^restart S3/);
  await editor(page).evaluate((area) => area.setSelectionRange(area.value.indexOf("crash"), area.value.indexOf("crash")));
  await press(page, "Shift");
  await button(page, "To line 5").click();
  await until(page, () => document.querySelector(".editor .marked").textContent.startsWith("crash S3"));
  await press(page, "End", "1", "c", "Escape");
  await until(page, () => document.querySelector("#script").value.endsWith("crash S1\n"));
});

journey("the command line checks an expectation, and says where settings belong", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S2", "deliver all", "expect S2 leader");
  await page.getByRole("status").getByText("“S2 leader” holds now.").waitFor();
  await runLines(page, "expect S1 leader");
  await page.getByRole("alert").getByText("expected S1 leader, found S1 follower").waitFor();
  await press(page, "/");
  const field = page.getByRole("textbox", { name: "Command line" });
  for (const line of ['title "x"', "cluster 3", "at 5ms crash S1"]) {
    await field.fill(line);
    await field.press("Enter");
    await page.getByRole("alert").getByText(/stand in the script \(E opens it\)/).waitFor();
  }
  await field.fill("kill S1");
  await field.press("Enter");
  await page.getByRole("alert").getByText("`kill` cannot stand here; a line starts with a command such as `crash S1`, or with `expect`").waitFor();
});

journey("Share opens the editor, also in Chinese, with errors in Chinese", chinese, async ({ page }) => {
  await button(page, "分享").click();
  await button(page, "编辑脚本").click();
  const area = page.getByRole("textbox", { name: "脚本", exact: true });
  await area.fill("cluster 3\ncrush S1\n");
  await page.getByRole("button", { name: "第 2 行：`crush` 不能写在这里；是否想写 `crash`？" }).waitFor();
});

journey("on a phone the editor is reached from the menu, and a failure is told on the stage", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await fromMenu(page, "Script");
  await editor(page).fill("cluster 3\ntimeout S1\nexpect S1 leader\n");
  await button(page, "Play it").click();
  await caption(page).getByText("Line 3 fails: expected S1 leader, found S1 candidate").waitFor();
  assert(await problems(page).first().isVisible());
});

journey("the projector shows the script beside the stage", { path: "?projector" }, async ({ page }) => {
  await write(page, "cluster 3\ntimeout S1\ndeliver all\n");
  await press(page, "Control+Enter");
  await page.getByText(/Played to its end/).waitFor();
  assert(await marked(page).isVisible());
});

journey("a new line begins as the one before, in a program and out of it, and can be undone", async ({ page }) => {
  await write(page, "cluster 3\nprogram mine\n|     me.term = 1;");
  await press(page, "Control+End", "Enter");
  await page.keyboard.type("me.role = 2;");
  assert.equal(await editor(page).inputValue(), "cluster 3\nprogram mine\n|     me.term = 1;\n|     me.role = 2;");
  await press(page, "Home", "Enter");
  assert.equal((await editor(page).inputValue()).split("\n")[3], "");
  await press(page, "Control+z");
  assert.equal((await editor(page).inputValue()).split("\n").length, 4);
});
