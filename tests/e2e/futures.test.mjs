// A run with programs beside what could be otherwise: flaws mended, and Raft itself.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, drop, press } from "./page.mjs";

/** S1 counts the vote of an earlier term, and term 2 has two leaders. */
const FLAWED = `cluster 5
run all message-dispatch
mend message-dispatch votes-not-counted
timeout S1
deliver S1->S2
deliver S2->S1
drop all
timeout S1
deliver S1->S3
deliver S3->S1
drop all
timeout S5
drop all
timeout S5
deliver S5->S2
deliver S5->S4
deliver S2->S5
deliver S4->S5
`;

const futures = (page) => page.getByRole("main", { name: "Two futures side by side" });
const flaw = (page, name) => page.getByRole("checkbox", { name, exact: true });
const difference = (page) => futures(page).locator("[aria-live] strong");
const here = (page) => futures(page).getByRole("status", { name: "Where they part" });
const there = (page) => futures(page).getByRole("status", { name: "Raft, told the same" });

/** Opens a file with a script whose servers run this program, at its end. */
async function open(page, program, text) {
  await drop(page, "servers.hust", text);
  await page.getByText(`Programs: ${program}`).waitFor();
  await press(page, "End");
}

/** Opens the flawed run, and shows what is known of S1's program. */
async function openFlawed(page) {
  await open(page, "message-dispatch", FLAWED);
  await showFlaws(page);
}

/** Shows what is known of S1's program. */
async function showFlaws(page) {
  await press(page, "1");
  await page.getByText(/^Known flaws: \d+$/).click();
  await flaw(page, "votes-of-old-terms").waitFor();
}

journey("a box mends a flaw in a future beside the run, and unticked the run is alone again", async ({ page }) => {
  await openFlawed(page);
  assert.equal(await flaw(page, "votes-not-counted").isChecked(), true);
  await flaw(page, "votes-of-old-terms").press("Space");
  await futures(page).waitFor();
  assert.match(await difference(page).innerText(), /election-safety is violated\. .*: no invariant is violated\.$/);
  assert.equal(await flaw(page, "votes-of-old-terms").isChecked(), true);
  await flaw(page, "votes-of-old-terms").press("Space");
  await futures(page).waitFor({ state: "detached" });
});

journey("the mended future that is taken is the run, also after a reload", async ({ page }) => {
  await openFlawed(page);
  await flaw(page, "votes-of-old-terms").check();
  await button(page, "Take it").click();
  await futures(page).waitFor({ state: "detached" });
  await showFlaws(page);
  assert.equal(await flaw(page, "votes-of-old-terms").isChecked(), true);
  await page.reload();
  await page.getByText("Programs: message-dispatch").waitFor();
  await showFlaws(page);
  assert.equal(await flaw(page, "votes-of-old-terms").isChecked(), true);
});

journey("compared with Raft, W goes to where they part, and both say what is done there and why", async ({ page }) => {
  await openFlawed(page);
  await button(page, "Compare with Raft").click();
  await futures(page).waitFor();
  await press(page, "w");
  assert.match(await here(page).innerText(), /S1 leads term 2: it has the votes of S1 S2 S3/);
  assert.match(await there(page).innerText(), /S1 counts the vote of S3: 2 of the 3 that S1 needs/);
  await press(page, "ArrowLeft");
  await there(page).waitFor({ state: "detached" });
});

journey("a program without flaws never parts from Raft, and the page says so", async ({ page }) => {
  await open(page, "lab-sheet-solution", `cluster 3\nrun all lab-sheet-solution\ntimeout S1\nrun 300ms\n`);
  await press(page, "1");
  await button(page, "Compare with Raft").click();
  await button(page, "Where they part").click();
  await page.getByText(/^In all \d+ events so far, both did the same\.$/).waitFor();
});
