// Reasons and causes.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { askWhy, atStart, becomes, button, caption, entry, openScenario, press, runLines } from "./page.mjs";

const inspector = (page) => page.getByLabel("Inspector");

/** The causes of the record in the inspector. */
const chain = (page) => inspector(page).getByRole("list").filter({ has: page.getByTitle("Go there") }).getByRole("button");

journey("a rejected vote shows the rule, the numbers compared and the causes", async ({ page }) => {
  await openScenario(page, "figure-8 not yet committed");
  await button(page, "To the end of this branch (End)").click();
  await askWhy(page, page.getByLabel("Events").getByRole("button", { name: /S2 refuses S5 its vote in term 5/ }));
  const reason = inspector(page).getByLabel("Why?").getByRole("listitem").filter({ hasText: "S2 refuses S5 its vote" });
  assert.match(await reason.innerText(), /index \d+.*term \d+.*§5\.4\.1/s);
  await inspector(page).getByRole("heading", { name: "Causes" }).waitFor();
  const cause = await chain(page).first().innerText();
  assert.match(cause, /S5.* starts an election in term 5/);
  await chain(page).first().click();
  await inspector(page).getByRole("heading", { level: 2 }).getByText(cause.match(/^[\d.]+ s/)[0]).waitFor();
  await becomes(page, "S5", "candidate", 5);
});

journey("an uncommitted entry on a majority shows why it is not committed", async ({ page }) => {
  await openScenario(page, "figure-8 not yet committed");
  const on = button(page, "Next caption (PageDown)");
  while (!(await caption(page).innerText()).includes("Index 2 is on S1, S2 and S3, a majority.")) {
    await on.click();
  }
  await entry(page, "S1", 2).click();
  await inspector(page).getByText("S1 S2 S3", { exact: true }).waitFor();
  await inspector(page).getByRole("heading", { name: "Why it is not committed" }).waitFor();
  assert.match(await inspector(page).innerText(), /index 2.*term 2.*term 4.*§5\.4\.2/is);
  await inspector(page).getByTitle("Go there").click();
  await inspector(page).getByLabel("Why?").getByText(/^S1 commits index 2 \(term 2\) only along with an entry of its own term 4, although by its count S1 S2 S3 hold it/).waitFor();
});

journey("a leader that steps down shows the reason", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "timeout S2", "run 15ms");
  await becomes(page, "S1", "follower", 2);
  await askWhy(page, page.getByLabel("Events").getByRole("button", { name: /S1 is no longer leader: it adopts term 2 from S2/ }));
  assert.match(await caption(page).innerText(), /S1 is no longer leader: it adopts term 2 from S2; its own was 1\..*§5\.1/s);
  const reasons = inspector(page).getByLabel("Why?");
  await reasons.getByText(/[Tt]erm 2/).first().waitFor();
  // Each cause links to the one before it, back to the first.
  const before = await chain(page).count();
  await chain(page).first().click();
  await inspector(page).getByRole("heading", { level: 2 }).getByText("S2").waitFor();
  assert(await chain(page).count() < before);
});

journey("“Why?” at the caption shows the rules applied", async ({ page }) => {
  await atStart(page);
  await press(page, "3", "t", "Escape");
  await button(page, "Why?").click();
  await inspector(page).getByLabel("Why?").getByText("§5.2").first().waitFor();
  await inspector(page).getByText("What was sent").waitFor();
});

journey("like causes are told as one, and the election and the heal are among them", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "isolate S5", "run 2s", "heal", "run until delivered AppendEntries S1->S5 within 2s");
  await page.getByLabel("Events").getByRole("button", { name: /S5/ }).last().click();
  await caption(page).getByRole("button", { name: "Why?" }).click();
  await chain(page).filter({ hasText: /\d+ times: S1, the leader of term 1, sends AppendEntries/ }).waitFor();
  await chain(page).filter({ hasText: /S1 leads term 1/ }).waitFor();
  await chain(page).filter({ hasText: /mended/ }).waitFor();
  assert(await chain(page).count() <= 12);
});

journey("the caption of a quiet stretch is short and has the time of its end", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 2s");
  await caption(page).getByText("S1 sends heartbeats; no election timer runs out.").waitFor();
  const time = (it) => it.innerText();
  const told = parseFloat(await time(caption(page).locator("time")));
  const clock = parseFloat(await time(page.getByLabel("Simulated time")));
  assert(clock - told < 0.2, `${told} at ${clock}`);
});

journey("the way back from a projector's “Why?” is named for the stage, which it shows, and not for the events", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms");
  await button(page, "Projector").click();
  await button(page, "Why?").click();
  assert.equal(await button(page, "‹ Events").count(), 0);
  await button(page, "‹ Stage").click();
  await inspector(page).waitFor({ state: "hidden" });
});
