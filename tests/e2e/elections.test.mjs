// Elections, with and without faults.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, fromMenu, identify, onlyLeader, onStage, realTime, row, rowsOf } from "./page.mjs";

journey("five servers elect a leader without a click", { everywhere: true }, async ({ page }) => {
  assert.equal(await page.getByRole("rowheader").count(), 5);
  const { term } = await onlyLeader(page);
  assert.equal(term, 1);
});

journey("two clicks crash the leader and another is elected; a partition elects a third; healing leaves one", { everywhere: true }, async ({ page }) => {
  await realTime(page);
  const first = await onlyLeader(page);

  await onStage(page, first.name).click();
  await button(page, `Crash ${first.name}`).click();
  await rowsOf(page, "down").waitFor();
  const second = await onlyLeader(page);
  assert.notEqual(second.name, first.name);
  assert(second.term > first.term, `term ${second.term} after ${first.term}`);

  await button(page, `Restart ${first.name}`).click();
  await page.getByRole("row", { name: new RegExp(`^${first.name} follower ${second.term} `) }).waitFor();

  await page.getByLabel(`${second.name} on one side`).check();
  await page.getByLabel(`${first.name} on one side`).check();
  await page.getByRole("button", { name: /^Partition S/ }).click();
  const leaders = rowsOf(page, "leader");
  await leaders.nth(1).waitFor();
  const both = [await identify(leaders.nth(0)), await identify(leaders.nth(1))];
  const old = both.find(({ name }) => name === second.name);
  const third = both.find(({ name }) => name !== second.name);
  assert(third.term > old.term, `term ${third.term} beside ${old.term}`);

  await button(page, "Heal").click();
  const last = await onlyLeader(page);
  assert(last.term >= third.term);
  await page.getByRole("row", { name: new RegExp(`^${old.name} follower ${last.term} `) }).waitFor();
});

journey("a client's request is committed on every server", async ({ page }) => {
  await realTime(page);
  await onlyLeader(page);
  await button(page, "Client request").click();
  for (const server of ["S1", "S2", "S3", "S4", "S5"]) {
    await row(page, server).getByTitle(/Index 2, term 1: x=1, committed/).waitFor();
  }
});

journey("a run is paused, stepped by single events, and restarted", async ({ page }) => {
  await button(page, "Pause").click();
  const clock = page.getByLabel("Simulated time");
  const before = await clock.innerText();
  await button(page, "Step").click();
  await page.getByLabel("Caption").getByText("starts an election in term 1").first().waitFor();
  assert.notEqual(await clock.innerText(), before);
  await fromMenu(page, "Start over");
  await button(page, "Pause").waitFor();
  await onlyLeader(page);
});

journey("leadership is transferred to the selected server", async ({ page }) => {
  await realTime(page);
  const first = await onlyLeader(page);
  const other = first.name === "S1" ? "S2" : "S1";
  await onStage(page, other).click();
  await button(page, `Transfer leadership to ${other}`).click();
  await page.getByRole("row", { name: new RegExp(`^${other} leader ${first.term + 1} `) }).waitFor();
});

journey("with pre-vote a server becomes pre-candidate without raising its term", async ({ page }) => {
  await button(page, "Set-up").click();
  await page.getByLabel("Pre-vote", { exact: true }).check();
  await button(page, "Start a new run").click();
  await button(page, "Pause").click();
  await onStage(page, "S1").click();
  await button(page, "Time out S1").click();
  await page.getByRole("row", { name: /^S1 pre-candidate 0 / }).waitFor();
});
