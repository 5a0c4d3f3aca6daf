// Tasks in as few actions as they may take. Others are counted where their subject is.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, caption, captions, counting, entry, linkIs, message, onStage, press, rowsOf, runLines } from "./page.mjs";

/** Drags a server away from the middle of the stage. */
async function dragOut(page, server) {
  const { x, y, width, height } = await onStage(page, server).locator(".body").boundingBox();
  const stage = await page.getByRole("group", { name: "Cluster" }).boundingBox();
  const from = { x: x + width / 2, y: y + height / 2 };
  const away = (at, middle) => at + 0.7 * width * Math.sign(Math.round(at - middle));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(away(from.x, stage.x + stage.width / 2), away(from.y, stage.y + stage.height / 2), { steps: 5 });
  await page.mouse.up();
}

journey("a split vote and its summary are one key away", async ({ page }) => {
  await atStart(page);
  // Slow enough that a busy machine draws every caption.
  await page.getByLabel("Speed").fill("5");
  const told = await captions(page);
  const { act, atMost } = counting();
  await act(press(page, "a"));
  await press(page, "Space");
  await rowsOf(page, "leader").first().waitFor();
  const summary = /S\d's election in term 1 fails.*votes that it needs/;
  assert((await told()).some((caption) => summary.test(caption)), "no summary");
  atMost(1);
});

journey("a leader crashes and comes back in three actions", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms");
  const { act, atMost } = counting();
  await act(onStage(page, "S1").click());
  await act(button(page, "Crash S1").click());
  await becomes(page, "S1", "down");
  await act(button(page, "Restart S1").click());
  await becomes(page, "S1", "follower", 1);
  atMost(3);
});

journey("a partition, a request on each side, and its end take at most six actions", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms");
  const { act, atMost } = counting();
  await act(dragOut(page, "S1"));
  await linkIs(page, "S1 to S2, cut");
  // Time is no action of the user.
  await runLines(page, "timeout S3", "run 100ms");
  await becomes(page, "S3", "leader", 2);
  await act(press(page, "r"));
  await act(onStage(page, "S1").click());
  await act(button(page, "Send S1 a request").click());
  await runLines(page, "run 200ms");
  await entry(page, "S4", 3).and(page.getByTitle("Index 3, term 2: x=1, committed")).waitFor();
  await entry(page, "S1", 2).and(page.getByTitle(/^Index 2, term 1: x=2, not/)).waitFor();
  await act(press(page, "h"));
  await runLines(page, "run 500ms");
  await entry(page, "S1", 3).and(page.getByTitle("Index 3, term 2: x=1, committed")).waitFor();
  atMost(6);
});

journey("from a refused vote to the vote that caused it in two actions", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "timeout S4", "deliver S4->S3", "deliver S1->S3");
  await caption(page).getByText(/S3 refuses S1 its vote/).first().waitFor();
  const { act, atMost } = counting();
  await act(caption(page).getByRole("button", { name: "Why?" }).click());
  const inspector = page.getByLabel("Inspector");
  await act(inspector.getByRole("button").filter({ hasText: "S3 votes for S4 in term 1" }).click());
  await inspector.getByLabel("Why?").getByText(/^S3 votes for S4 in term 1/).waitFor();
  atMost(2);
});

journey("what a message will do is told when it is chosen", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1");
  const { act, atMost } = counting();
  await act(message(page, "RequestVote", "S1", "S2").press("Enter"));
  await page.getByRole("group", { name: "Actions" }).getByText(/^If it arrived now: S2 votes for S1 in term 1/).waitFor();
  atMost(1);
});

journey("Figure 8 and its answer are four actions away", async ({ page }) => {
  const { act, atMost } = counting();
  await act(press(page, "g"));
  await act(page.getByRole("searchbox", { name: "Search scenarios" }).fill("figure-8 not yet committed"));
  await page.getByRole("dialog").getByRole("listitem").nth(1).waitFor({ state: "detached" });
  await act(page.getByRole("dialog").getByRole("listitem").getByRole("button").click());
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await act(press(page, "End"));
  await caption(page).getByText(/in term 5 only S4 votes for it\. What is committed stays\./).first().waitFor();
  await entry(page, "S3", 2).and(page.getByTitle(/^Index 2, term 2: a,/)).waitFor();
  atMost(4);
});

journey("another future from a moment, and both side by side, in three actions", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 200ms");
  const { act, atMost } = counting();
  await act(page.getByLabel("Events", { exact: true }).getByRole("button", { name: /S2 votes for S1 in term 1/ }).click());
  await act(press(page, "a"));
  await act(button(page, "Side by side").click());
  const futures = page.getByRole("main", { name: "Two futures side by side" });
  await futures.getByRole("region", { name: "main", exact: true }).getByRole("row", { name: /^S2 / }).waitFor();
  await futures.getByRole("region", { name: "branch 2", exact: true }).getByRole("row", { name: /^S2 candidate/ }).waitFor();
  atMost(3);
});

journey("a server is made deaf in two actions, and stands again and again", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms");
  const { act, atMost } = counting();
  await act(onStage(page, "S4").click());
  await act(button(page, "S4 deaf: no message reaches it").click());
  await page.getByRole("group", { name: "Cluster" }).getByText(/ · deaf$/).waitFor();
  await runLines(page, "run 1s");
  await becomes(page, "S4", "candidate", "[3-9]");
  assert.equal(await rowsOf(page, "down").count(), 0);
  atMost(2);
});

journey("a lesson from a link plays in large type by one click and PageDown alone", { path: "#cluster+3;note+%22S1+stands.%22;timeout+S1;note+%22It+wins.%22;deliver+all;caption+1;end" }, async ({ page }) => {
  const { act, atMost } = counting();
  await act(button(page, "Projector").click());
  const told = caption(page).locator(".note .sentence");
  await told.filter({ hasText: "S1 stands." }).waitFor();
  await button(page, "Play").waitFor();
  await press(page, "PageDown");
  await told.filter({ hasText: "It wins." }).waitFor();
  await becomes(page, "S1", "leader", 1);
  atMost(1);
});

journey("on the way through a lesson, L copies a link to the whole of it at the shown caption", { path: "#cluster+3;note+%22S1+stands.%22;timeout+S1;note+%22It+wins.%22;deliver+all;note+%22All+know.%22;run+60ms;caption+2;end" }, async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await caption(page).getByText("It wins.").waitFor();
  await press(page, "l");
  await caption(page).getByText("It opens this lesson").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /note\+%22All\+know\.%22;run\+60ms;caption\+2;end$/);
});
