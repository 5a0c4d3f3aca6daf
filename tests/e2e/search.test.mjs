// Searching a run, breakpoints by the same words, and statistics.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, counting, press, realTime, row, runLines } from "./page.mjs";

const events = (page) => page.getByLabel("Events", { exact: true });
const field = (page) => page.getByRole("combobox", { name: "Search the events" });
const present = (page) => events(page).locator("[aria-current]");

/** A run of 300 s in which S5 is cut off, and comes back with a high term and an old log. */
async function long(page) {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "isolate S5", 'propose S1 "x=1"', "run 299s", "heal", "run 1s");
}

journey("«S5 is refused» is found in a run of 300 s in two actions", { everywhere: true }, async ({ page }) => {
  await long(page);
  const { act, atMost } = counting();
  await act(field(page).fill("S5 is refused"));
  await act(field(page).press("Enter"));
  await present(page).filter({ hasText: /refuses S5 its vote/ }).waitFor();
  await events(page).getByRole("status").getByText(/^1 of \d+$/).waitFor();
  atMost(2);
});

journey("the first term over 40 is found in two actions", async ({ page }) => {
  await long(page);
  const { act, atMost } = counting();
  await act(field(page).fill("term > 40"));
  await act(field(page).press("Enter"));
  await becomes(page, "S5", "candidate", 41);
  await events(page).getByRole("status").getByText("1 of 1").waitFor();
  atMost(2);
});

journey("words of the sentences are found, next and previous, and listed by themselves", async ({ page }) => {
  await long(page);
  await press(page, "Control+f");
  assert(await field(page).evaluate((it) => it === document.activeElement));
  await page.keyboard.type("refuses s5");
  await events(page).getByRole("status").getByText(/^\d+ found$/).waitFor();
  const place = (text) => events(page).getByRole("status").getByText(text).waitFor();
  await press(page, "Enter");
  await place(/^1 of /);
  await press(page, "Enter");
  await place(/^2 of /);
  await press(page, "Shift+Enter");
  await place(/^1 of /);
  await events(page).getByRole("checkbox", { name: "Only these" }).check();
  for (const told of await events(page).locator("li").allInnerTexts()) {
    assert.match(told, /refuses/);
    assert.match(told, /S5/);
  }
  await field(page).press("Escape");
  await events(page).getByRole("checkbox", { name: "Only these" }).waitFor({ state: "detached" });
});

journey("the search says whether it took the text for words or for a condition, and switches", async ({ page }) => {
  await long(page);
  const found = events(page).getByRole("status");
  await field(page).fill("leader");
  await events(page).getByText("Taken as words.").waitFor();
  await found.getByText(/^\d\d+ found$/).waitFor();
  await button(page, "Take as a condition").click();
  await events(page).getByText("Taken as a condition.").waitFor();
  await found.getByText(/^\d found$/).waitFor();
  await button(page, "Take as words").click();
  await found.getByText(/^\d\d+ found$/).waitFor();
});

journey("a mistyped condition that finds nothing says what is wrong with it", async ({ page }) => {
  await long(page);
  await field(page).fill("S9 is leader");
  await events(page).getByText(/^No condition: expected .*S1 to S5.*found `S9`/).waitFor();
  await field(page).fill("term >");
  await events(page).getByText(/^No condition: expected a term/).waitFor();
  await field(page).fill("term > 40");
  await events(page).getByText("Taken as a condition.").waitFor();
});

journey("the placeholder of the search is not cut", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 720 });
  await atStart(page);
  const isCut = await field(page).evaluate((it) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(it);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = font;
    return pen.measureText(it.placeholder).width > it.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
  });
  assert(!isCut);
});

journey("what an expectation says of a state is a breakpoint in the same words, in two actions", async ({ page }) => {
  await atStart(page);
  const { act, atMost } = counting();
  await act(press(page, "b"));
  const dialog = page.getByRole("dialog", { name: "Breakpoints" });
  const condition = dialog.getByRole("combobox", { name: "Condition" });
  // Typing and Enter are one.
  await condition.fill("expect S1 leader term=1");
  await act(condition.press("Enter"));
  await dialog.getByRole("checkbox", { name: "S1 leader term=1" }).waitFor();
  atMost(2);
  await press(page, "Escape", "1", "t");
  await realTime(page);
  await press(page, "Space");
  await page.getByRole("status").getByText("Stopped: S1 leader term=1.").waitFor();
  await row(page, "S1").filter({ hasText: "leader" }).waitFor();
});

journey("the statistics of a short run give counts up to the present, and no rate", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 10ms");
  await button(page, "More").click();
  await button(page, "Statistics").click();
  const dialog = page.getByRole("dialog", { name: "Statistics" });
  await dialog.getByText("From the start to the present").waitFor();
  await dialog.getByText("0.010 s", { exact: true }).waitFor();
  await dialog.getByText("0, 0 of them a split vote; still undecided: term 1").waitFor();
  assert.equal(await dialog.getByText("a minute").count(), 0);
});

journey("the statistics of a storm are two actions away", async ({ page }) => {
  await long(page);
  const { act, atMost } = counting();
  await act(button(page, "More").click());
  await act(button(page, "Statistics").click());
  const dialog = page.getByRole("dialog", { name: "Statistics" });
  await dialog.getByText("Elections started").waitFor();
  await dialog.getByText(/^\d+, \d+\.\d a minute$/).waitFor();
  await dialog.getByText(/^S5 \d+, S\d \d+/).waitFor();
  atMost(2);
  const votes = dialog.getByRole("row", { name: /^RequestVote / });
  assert.match(await votes.innerText(), /^RequestVote\s+\d+\s+\d+\s+\d+$/);
});
