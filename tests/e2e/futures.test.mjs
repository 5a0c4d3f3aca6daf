// A run with programs beside what could be otherwise: flaws mended, and Raft itself.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, press } from "./page.mjs";

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
const accounts = (page) => page.getByRole("status", { name: "Where they part" });

/** Opens a file with this script, at its end. */
async function open(page, text) {
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "flawed.hust"));
    return data;
  }, text);
  await page.locator("main").dispatchEvent("drop", { dataTransfer: data });
  await page.getByText("votes-not-counted").first().waitFor({ state: "attached" });
}

/** Opens the flawed run, and shows what is known of S1's program. */
async function openFlawed(page) {
  await open(page, FLAWED);
  await press(page, "1");
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
  await press(page, "1");
  assert.equal(await flaw(page, "votes-of-old-terms").isChecked(), true);
  await page.reload();
  await press(page, "1");
  await flaw(page, "votes-of-old-terms").waitFor();
  assert.equal(await flaw(page, "votes-of-old-terms").isChecked(), true);
});

journey("compared with Raft, W goes to where they part, and both say what is done there and why", async ({ page }) => {
  await openFlawed(page);
  await button(page, "Compare with Raft").click();
  await futures(page).waitFor();
  await press(page, "w");
  await accounts(page).waitFor();
  const told = await accounts(page).innerText();
  assert.match(told, /S1 leads term 2: it has the votes of S1 S2 S3/);
  assert.match(told, /Raft, told the same[^]*S1 counts the vote of S3: 2 of the 3 that S1 needs/);
  await press(page, "ArrowLeft");
  await accounts(page).waitFor({ state: "detached" });
});

journey("a program without flaws never parts from Raft, and the page says so", async ({ page }) => {
  await open(page, `# votes-not-counted\ncluster 3\nrun all lab-sheet-solution\ntimeout S1\nrun 300ms\n`);
  await press(page, "1");
  await button(page, "Compare with Raft").click();
  await button(page, "Where they part").click();
  await page.getByText(/^In all \d+ events so far, both did the same\.$/).waitFor();
});
