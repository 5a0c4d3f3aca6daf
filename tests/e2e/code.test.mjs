// A server's program: its lines, the variables, breakpoints at lines, and changing it.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, drop, onStage, press, realTime, runLines, until } from "./page.mjs";

const chinese = { locale: "zh-CN" };

/** S1 and S2 run a program, S3 the core. */
const script = `cluster 3
program counter
| fn start(me) {
|     me.votes = [];
|     arm("election");
| }
|
| // Counts to three, then stands.
| fn timer(me, name) {
|     let sum = 0;
|     for i in 0..3 {
|         sum += i;
|     }
|     me.sum = sum;
|     stand(me);
| }
|
| fn stand(me) {
|     me.role = "candidate";
|     me.term += 1;
|     me.voted_for = me.id;
|     me.votes.push(me.id);
|     persist();
|     broadcast(#{ type: "RequestVote", term: me.term, last_log_index: 0, last_log_term: 0 });
|     arm("election");
| }
|
| fn message(me, m) {
|     if m.type == "RequestVote" {
|         throw "not yet";
|     }
| }
run S1 S2 counter
`;

/** S1 stands, and its disk is slow. */
const slow = "disk S1 50..50ms\ntimeout S1\n";

const lines = (page) => page.getByRole("listbox", { name: /^The code of S\d$/ });
const last = (page) => page.locator(".code .last");
/** Waits until the line that was executed last has this number. */
const standsAt = (page, line) => until(page, (line) => document.querySelector(".code .last .gutter")?.textContent === String(line), line);
const said = (page) => page.locator(".code-said");

/** Waits until the interpreter is loaded and the run is there. */
const opened = (page) => page.locator("header .code-button").waitFor({ state: "attached" });

/** Opens the script, with what is done in it, and shows the code. */
async function read(page, steps = "") {
  await drop(page, "counter.hust", script + steps);
  await opened(page);
  await press(page, "End", "d");
  await lines(page).waitFor();
}

journey("the latest event's lines are marked with how often they ran and the variables after them", async ({ page }) => {
  await read(page, slow);
  await standsAt(page, 21);
  assert.match(await said(page).innerText(), /^S1 timer · The election timer of S1/);
  const line = (number) => page.getByRole("option", { name: new RegExp(`^Line ${number}: `) });
  assert.match(await line(10).innerText(), /×3[\s\S]*sum = 3/);
  assert.match(await line(20).innerText(), /me\.votes = \[S1\]/);
  assert.match(await line(20).getAttribute("aria-label"), /^Line 20: me\.votes\.push\(me\.id\);, executions: 1, me\.votes = \[S1\]$/);
  // What comes after the write is not yet done.
  assert.equal(await page.locator(".code .ran").filter({ hasText: "broadcast" }).count(), 0);
});

journey("lines are stepped through by keys, forwards and back, with the variables as of then", async ({ page }) => {
  await read(page, slow);
  await standsAt(page, 21);
  await press(page, ",", ",");
  await standsAt(page, 19);
  await page.getByRole("status").getByText("Line 19: me.voted_for = S1").waitFor({ state: "attached" });
  const variables = page.getByRole("region", { name: "Variables" });
  assert.doesNotMatch(await variables.innerText(), /me\.votes/);
  assert.match(await variables.innerText(), /me\.voted_for\s+S1/);
  // On beyond the last line: the call goes on when the write is done.
  await press(page, ".", ".", ".");
  await standsAt(page, 22);
  await said(page).getByText("goes on after its write").waitFor();
  await press(page, ",");
  await standsAt(page, 21);
  await page.getByRole("slider", { name: "Executed lines" }).fill("1");
  await standsAt(page, 8);
});

journey("an event that executes no line says why", async ({ page }) => {
  await read(page, slow);
  await runLines(page, "timeout S3");
  await said(page).getByText("S3 runs Raft's core.").waitFor();
  await runLines(page, "deliver S3->S1");
  await said(page).getByText("S1 waits for its disk: it goes on when the write is done.").waitFor();
  await runLines(page, "crash S1");
  await said(page).getByText("S1 is down.").waitFor();
  await runLines(page, "partition S1 S2 | S3");
  await said(page).getByText("No server did this.").waitFor();
});

journey("a program that fails shows its error at its line", async ({ page }) => {
  await read(page, "timeout S3\ndeliver S3->S2\n");
  const wrong = page.locator(".code .wrong");
  await wrong.getByText("fails here: ").waitFor();
  assert.equal(await wrong.locator(".gutter").innerText(), "28");
  assert.match(await said(page).innerText(), /^S2 message · S2's program fails/);
  await standsAt(page, 28);
});

journey("a breakpoint set from the keyboard stops new time and a replay at the event that executes its line", async ({ page }) => {
  await read(page, "crash S3\n");
  await realTime(page);
  await lines(page).press("ArrowDown");
  while (!(await page.locator(".code .caret").innerText()).includes("me.sum")) {
    await lines(page).press("ArrowDown");
  }
  await lines(page).press("Enter");
  await page.locator(".code .stops").waitFor();
  await press(page, "Space");
  const stopped = page.getByRole("status").getByText("Stopped: line 12 of counter.");
  await stopped.waitFor();
  await page.locator(".code .ran").filter({ hasText: "me.sum = sum" }).waitFor();
  await press(page, "Home", "Space");
  await stopped.waitFor();
  await press(page, "b");
  const dialog = page.getByRole("dialog", { name: "Breakpoints" });
  await dialog.getByRole("checkbox", { name: "line 12 of counter" }).uncheck();
  await press(page, "Escape");
  await page.locator(".code .stops.off").waitFor();
  await page.locator(".code .stops .gutter").click();
  await page.locator(".code .stops").waitFor({ state: "detached" });
});

journey("the code of a server is reached from its menu on the stage, and its variables stand in its details", async ({ page }) => {
  await read(page, slow);
  await press(page, "Escape", "1");
  const details = page.getByLabel("Inspector");
  await details.getByRole("heading", { name: "Variables" }).waitFor();
  assert.match(await details.locator(".variables").innerText(), /sum\s+3/);
  await onStage(page, "S2").click();
  await button(page, "The code of S2").click();
  await page.getByRole("listbox", { name: "The code of S2" }).waitFor();
  assert.equal(await page.locator(".panel").getByRole("combobox", { name: "Server" }).inputValue(), "2");
});

journey("a changed program shows its errors as one types, and is kept while something else is shown", async ({ page }) => {
  await read(page);
  await button(page, "Edit").click();
  const area = page.getByRole("textbox", { name: "The program" });
  const text = await area.inputValue();
  assert.match(text, /^fn start\(me\)/);
  await area.fill(text.replace("me.term += 1;", "me.term += ;"));
  await page.locator(".diagnostics").getByRole("button", { name: /^Line 18: / }).waitFor();
  assert(await button(page, "Run from the start").isDisabled());
  await area.fill(text.replace("me.term += 1;", "me.term += 2;"));
  await page.getByText("Changed, not run yet").waitFor();
  await area.press("Escape");
  await press(page, "2");
  await button(page, "‹ Code").click();
  assert.match(await area.inputValue(), /me\.term \+= 2;/);
  await button(page, "Without my changes").click();
  assert.equal(await area.inputValue(), text);
  await button(page, "‹ Code").click();
  await lines(page).waitFor();
});

journey("a run without programs has no code to show", async ({ page }) => {
  await press(page, "d");
  await page.getByRole("status").getByText("All servers run Raft's core: there is no program to show.").waitFor();
  assert.equal(await button(page, "Code").count(), 0);
});

journey("the code reads in Chinese", chinese, async ({ page }) => {
  await drop(page, "counter.hust", script + slow);
  await opened(page);
  await press(page, "End", "d");
  await page.getByRole("listbox", { name: "S1 的代码" }).waitFor();
  await page.getByRole("slider", { name: "执行过的行" }).waitFor();
});

journey("on a phone the code stands below the stage, without scrolling sideways", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await read(page, slow);
  assert(await last(page).isVisible());
  assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  assert(await lines(page).evaluate((box) => box.scrollWidth <= box.clientWidth));
});
