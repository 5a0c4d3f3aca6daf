// The sheet of rules.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, openScenario, press, runLines } from "./page.mjs";

const sheet = (page) => page.getByRole("region", { name: "The rules" });

async function openSheet(page) {
  await button(page, "More").first().click();
  await button(page, "The rules").click();
  await sheet(page).waitFor();
}

journey("the rule that just applied lights up with its numbers, also while stepping", async ({ page }) => {
  await press(page, "Home");
  await openSheet(page);
  assert.equal(await sheet(page).getByRole("listitem").count(), 34);
  await runLines(page, "timeout S2");
  const lit = sheet(page).locator("li.lit");
  await lit.getByText(/S2.* starts an election in term 1/).waitFor();
  await runLines(page, "deliver S2->S3");
  await lit.getByText(/S3 votes for S2 in term 1/).waitFor();
  await press(page, "ArrowLeft");
  await lit.getByText(/S2.* starts an election in term 1/).waitFor();
});

journey("the lit rule is in view", async ({ page }) => {
  await press(page, "Home");
  await openSheet(page);
  await runLines(page, "timeout S2", "deliver S2->S3");
  const applied = sheet(page).getByText(/S3 votes for S2 in term 1/);
  await applied.waitFor();
  const [inside, frame] = [await applied.boundingBox(), await sheet(page).boundingBox()];
  assert(inside.y >= frame.y && inside.y <= frame.y + frame.height);
});

journey("a broken rule is struck through, with what servers do instead", async ({ page }) => {
  await openScenario(page, "votes for itself and for its rival");
  await openSheet(page);
  const struck = sheet(page).locator("li.broken");
  assert.equal(await struck.count(), 1);
  assert.equal(await struck.locator("s").count(), 1);
  assert.equal(await struck.locator(".instead").count(), 1);
});

journey("a rule tells its source and its invariant, and opens a lesson", async ({ page }) => {
  await openSheet(page);
  await sheet(page).locator("#rule-OneVote summary").click();
  await sheet(page).locator("#rule-OneVote").getByText("§5.2", { exact: true }).waitFor();
  await sheet(page).locator("#rule-OneVote").getByText(/Protects vote-once/).waitFor();
  await sheet(page).getByRole("button", { name: "Lesson: many-votes-per-term" }).click();
  await page.locator("#rule-OneVote.broken").waitFor();
});

journey("choosing something shows its details in place of the sheet", async ({ page }) => {
  await openSheet(page);
  await press(page, "2");
  await page.getByRole("heading", { name: /^S2 / }).waitFor();
  assert.equal(await sheet(page).count(), 0);
});
