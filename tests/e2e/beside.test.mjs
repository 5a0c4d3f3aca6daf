// Two futures side by side: on one clock, with what differs marked and told.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, button, counting, press, runLines } from "./page.mjs";

/** The two futures. */
const futures = (page) => page.getByRole("main", { name: /^(Two futures side by side|并排的两种未来)$/ });

/** One of them, by its name. */
const future = (page, name) => futures(page).getByRole("region", { name, exact: true });

/** A server's row in the logs of one of them. */
const row = (page, name, server) =>
  future(page, name).getByRole("row", { name: new RegExp(`^${server} `) });

/** The sentence that tells what differs. */
const difference = (page) => futures(page).locator("[aria-live] strong");

/** A split vote in which S1 wins in main, and S5 in a branch from the same moment. */
async function splitVote(page) {
  await atStart(page);
  await runLines(page, "timeout S1", "timeout S5");
  await runLines(page, "run 60ms", "timeout S1", "run 100ms");
  await press(page, "Home", "ArrowRight", "ArrowRight");
  await runLines(page, "crash S1", "run 60ms", "timeout S5", "run 100ms");
}

journey("two futures from a moment are side by side in one action once there are two branches", async ({ page }) => {
  await splitVote(page);
  const { act, atMost } = counting();
  await act(button(page, "Side by side").click());
  await future(page, "main").waitFor();
  await future(page, "branch 2").waitFor();
  await row(page, "branch 2", "S1").getByText("down").waitFor({ state: "attached" });
  atMost(1);
});

journey("what differs is marked where it is, on the stage and in the logs, and told in a sentence", { everywhere: true }, async ({ page }) => {
  await splitVote(page);
  await button(page, "Side by side").click();
  assert.match(await difference(page).innerText(), /^branch 2: .*S5 leads term \d+\. main: S1 leads term \d+\.$/);
  const role = row(page, "branch 2", "S1").getByRole("rowheader");
  assert.match(await role.innerText(), /≠/);
  assert.match(await row(page, "main", "S5").innerText(), /differs/);
  const onStage = future(page, "main").getByRole("group", { name: "Cluster: main" });
  await onStage.getByRole("button", { name: /^S5, .*, differs$/ }).waitFor();
});

journey("both futures are on one clock: steps, the start and the end move both", async ({ page }) => {
  await splitVote(page);
  await button(page, "Side by side").click();
  await press(page, "Home");
  assert.equal(await difference(page).innerText(), "All servers are the same in both.");
  const table = (name) => future(page, name).getByRole("table").innerText();
  assert.equal(await table("main"), await table("branch 2"));
  await press(page, "ArrowRight", "ArrowRight");
  assert.equal(await table("main"), await table("branch 2"));
  await press(page, "ArrowRight");
  await futures(page).getByText("All servers are the same in both.").waitFor({ state: "detached" });
  assert.notEqual(await table("main"), await table("branch 2"));
  await press(page, "End");
  await futures(page).getByText(/S5 leads/).first().waitFor();
});

journey("Escape shows one future again, as it was; and the other can be taken instead", async ({ page }) => {
  await splitVote(page);
  const before = await page.getByLabel("Servers and logs").getByRole("table").innerText();
  await button(page, "Side by side").click();
  await futures(page).waitFor();
  await press(page, "Escape");
  await futures(page).waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("Servers and logs").getByRole("table").innerText(), before);
  await button(page, "Side by side").click();
  await button(page, "Take it").click();
  await futures(page).waitFor({ state: "detached" });
  await page.getByRole("row", { name: /^S1 leader / }).waitFor();
});

journey("pre-vote on the very storm, side by side, in at most three actions", async ({ page }) => {
  await atStart(page);
  // S4 reaches S2 alone, and deposes every leader.
  await runLines(page, "timeout S3", "run 100ms", ...["S1-S4", "S1-S5", "S2-S5", "S3-S4", "S4-S5"].map((link) => `cut ${link}`), "run 2s");
  const { act, atMost } = counting();
  await act(button(page, "More").click());
  await act(button(page, "pre-vote on").click());
  await future(page, "pre-vote on").waitFor();
  assert.match(await difference(page).innerText(), /pre-vote on: S3 leads term 1\.$/);
  atMost(3);
});

journey("a rule is broken, seen to fall, and mended beside it, in four actions", { everywhere: true }, async ({ page }) => {
  const { act, atMost } = counting();
  await act(button(page, "Set-up").click());
  const rule = page.getByRole("listitem").filter({ hasText: "many-votes-per-term" });
  await act(rule.getByRole("button").click());
  await page.getByRole("dialog").waitFor({ state: "detached" });
  // Its first part has been played when time stands still.
  await button(page, "Play").waitFor();
  await act(press(page, "PageDown"));
  await act(button(page, "The same without the broken rule").click());
  await future(page, "no rule broken").waitFor();
  await press(page, "End");
  assert.match(await difference(page).innerText(), /vote-once and election-safety are violated\. no rule broken: no invariant is violated\.$/);
  atMost(4);
});

journey("a branch is put beside the shown one from the list of branches", async ({ page }) => {
  await splitVote(page);
  await button(page, "Branches 2").click();
  await button(page.getByRole("dialog"), "Side by side: main").click();
  await future(page, "main").waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
});

journey("on a narrow screen the futures are stacked, and nothing is cut off", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await atStart(page);
  await button(page, "More").click();
  await button(page, "pre-vote on").click();
  const [one, other] = await Promise.all(["main", "pre-vote on"].map((name) => future(page, name).boundingBox()));
  assert(other.y >= one.y + one.height);
  assert(other.y + other.height <= 844 && one.x + one.width <= 390);
  assert(one.height > 150);
});

journey("in Chinese both futures are told in Chinese", { locale: "zh-CN" }, async ({ page }) => {
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("button", { name: "启用预投票", exact: true }).click();
  await future(page, "启用预投票").waitFor();
  assert.match(await difference(page).innerText(), /^(两边的所有服务器都相同。|.*。)$/);
});

journey("two futures are opened, compared and left without a mouse", async ({ page }) => {
  await splitVote(page);
  await button(page, "Side by side").focus();
  await press(page, "Enter");
  await futures(page).waitFor();
  await press(page, "ArrowLeft", "Escape");
  await futures(page).waitFor({ state: "detached" });
});
