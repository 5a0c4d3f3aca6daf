// Actions on a single message.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, message, press, row, toEvents } from "./page.mjs";

/** Selects a message on the stage and presses one of its buttons. */
async function act(page, message, action) {
  await message.press("Enter");
  await button(page, action).click();
}

journey("a candidate whose votes are held, dropped or duplicated does not win before it has a majority", async ({ page }) => {
  await atStart(page);
  await press(page, "1", "t");
  for (const voter of ["S2", "S4", "S3", "S5"]) {
    await act(page, message(page, "RequestVote", "S1", voter), "Deliver now");
    await message(page, "RequestVoteReply", voter, "S1").waitFor();
  }
  const vote = (voter) => message(page, "RequestVoteReply", voter, "S1");

  await act(page, vote("S2"), "Hold");
  const held = page.getByRole("button", { name: /^RequestVoteReply from S2 to S1.*It is held\./ });
  await held.waitFor();
  assert.match(await held.getAttribute("class"), /\bheld\b/);
  assert.equal(await button(page, "Deliver now").isDisabled(), true);

  await act(page, vote("S3"), "Drop");
  await vote("S3").waitFor({ state: "detached" });
  await toEvents(page);
  await page.getByLabel("Events", { exact: true }).getByText("RequestVoteReply from S3 to S1 is lost: it is dropped by hand.").waitFor();
  await act(page, vote("S5"), "Drop");

  await act(page, vote("S4"), "Duplicate");
  await vote("S4").nth(1).waitFor();
  await act(page, vote("S4").first(), "Deliver now");
  await act(page, vote("S4"), "Deliver now");
  await vote("S4").waitFor({ state: "detached" });
  await becomes(page, "S1", "candidate", 1);
  const ballots = page.getByRole("group", { name: "Cluster" }).getByRole("button", { name: /^S1, candidate/ });
  assert.equal(await ballots.getByText("✓").count(), 2);

  await act(page, vote("S2"), "Release");
  await act(page, vote("S2"), "Deliver now");
  await becomes(page, "S1", "leader", 1);
});

journey("a message that will be lost is crossed out when sent, with the reason", async ({ page }) => {
  await atStart(page);
  await press(page, "3", "c", "1", "t");
  const lost = page.getByRole("button", { name: /^RequestVote from S1 to S3.*It will be lost: / });
  await lost.press("Enter");
  assert.match(await lost.getAttribute("class"), /\bundeliverable\b/);
  await page.getByLabel("Inspector").getByText(/^It will be lost: .*S3/).waitFor();
  await press(page, "3", "c");
  await lost.waitFor({ state: "detached" });
  await row(page, "S3").waitFor();
});

journey("a message that is delayed arrives later", async ({ page }) => {
  await atStart(page);
  await press(page, "1", "t");
  const request = message(page, "RequestVote", "S1", "S2");
  await request.press("Enter");
  const arrives = page.getByLabel("Inspector").getByText(/^It arrives at \d\.\d{3} s\.$/);
  const before = Number((await arrives.innerText()).match(/[\d.]+(?= s)/)[0]);
  await button(page, "Delay 50 ms").click();
  await page.getByLabel("Inspector").getByText(`It arrives at ${(before + 0.05).toFixed(3)} s.`).waitFor();
});
