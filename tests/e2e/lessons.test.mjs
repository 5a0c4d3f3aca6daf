// What lessons say, in both languages.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { askWhy, atStart, button, caption, onlyEvents, onStage, openScenario, press, runLines, until } from "./page.mjs";

const chinese = { locale: "zh-CN" };
const inspector = (page) => page.getByLabel("Inspector");
const events = (page) => page.getByLabel("Events");
const causes = (page) => inspector(page).getByRole("list").filter({ has: page.getByTitle("Go there") }).getByRole("button");

/** The addresses of the texts in Chinese that the page has loaded. */
const loaded = (page) =>
  page.evaluate(() => performance.getEntriesByType("resource").map((it) => it.name).filter((it) => it.includes("lessons.zh")));

/** Opens the gallery of the page in Chinese, and the one lesson that is found. */
async function openInChinese(page, search) {
  await button(page, "场景").click();
  await page.getByRole("searchbox", { name: "搜索场景" }).fill(search);
  await page.getByRole("dialog").getByRole("listitem").getByRole("button").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

journey("a lesson is found by its Chinese words, and its title and captions are in Chinese", chinese, async ({ page }) => {
  await openInChinese(page, "瓜分选票");
  await page.getByText("瓜分选票").first().waitFor();
  await page.getByLabel("字幕", { exact: true }).getByText("S1 与 S4 同时发起选举，各自投票给自己。").first().waitFor();
  await press(page, "PageDown");
  await page.getByText("S2 先收到 S1 的请求，S3 先收到 S4 的。").first().waitFor();
});

journey("an opened lesson changes with the language, and its script stays English", chinese, async ({ page }) => {
  await openInChinese(page, "瓜分选票");
  await page.getByText("S1 与 S4 同时发起选举").first().waitFor();
  await button(page, "English").click();
  await page.getByText("S1 and S4 start elections at the same time. Each votes for itself.").first().waitFor();
  await button(page, "Share").click();
  const script = await page.getByRole("textbox", { name: "The run as a script" }).inputValue();
  assert.match(script, /^title "A split vote"$/m);
  assert.match(script, /^note "S1 and S4 start elections at the same time\. Each votes for itself\."$/m);
  await press(page, "Escape");
  await button(page, "中文").click();
  await page.getByText("S1 与 S4 同时发起选举").first().waitFor();
});

journey("a page in English does not load the lessons in Chinese until its language changes", async ({ page }) => {
  await openScenario(page, "split-vote first-steps");
  assert.deepEqual(await loaded(page), []);
  await button(page, "中文").click();
  await page.getByText("S1 与 S4 同时发起选举").first().waitFor();
  assert.equal((await loaded(page)).length, 1);
});

journey("a page that cannot load the lessons in Chinese shows them in English", { ...chinese, faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  serve((name, { built }) => {
    assert(!name.includes("lessons.zh"));
    return built(name);
  });
  await start(page, page.url());
  await openInChinese(page, "split-vote first-steps");
  await page.getByText("S1 and S4 start elections at the same time.").first().waitFor();
});

journey("after visits in Chinese, the lessons are in Chinese without a network", chinese, async ({ page, serve }) => {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await openInChinese(page, "瓜分选票");
  // Kept once the page has asked for it.
  await until(page, async () => {
    const cache = await caches.open((await navigator.serviceWorker.ready).scope);
    const kept = (await cache.keys()).map(({ url }) => url);
    return ["lessons.zh", "scenarios"].every((part) => kept.some((url) => url.includes(part)));
  });
  serve((name, { socket }) => void socket.destroy());
  await page.reload();
  await openInChinese(page, "瓜分选票");
  await page.getByText("S1 与 S4 同时发起选举").first().waitFor();
});

journey("a vote refused for another leads to that other vote", { everywhere: true }, async ({ page }) => {
  await openScenario(page, "split-vote first-steps");
  await press(page, "End");
  await onlyEvents(page, "refuses S1");
  await askWhy(page, events(page).getByRole("button", { name: /S3 refuses S1 its vote in term 1: S3 has voted for S4/ }));
  await causes(page).filter({ hasText: "S3 votes for S4 in term 1" }).click();
  await inspector(page).getByLabel("Why?").getByText(/^S3 votes for S4 in term 1/).waitFor();
});

journey("what would change nothing is greyed out and says why", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "crash S4", "isolate S5");
  await onStage(page, "S4").click();
  const greyed = async (name, why) => {
    const one = button(page, name);
    assert(await one.isDisabled(), name);
    assert.match(await one.getAttribute("title"), why);
  };
  await greyed("Transfer leadership to S4", /^S4 is down/);
  await greyed("Time out S4", /^S4 is down/);
  await onStage(page, "S5").click();
  await greyed("Isolate S5", /cut already/);
  await onStage(page, "S1").click();
  await greyed("Transfer leadership to S1", /leads already/);
  await runLines(page, "pause S1");
  await onStage(page, "S2").click();
  await greyed("Transfer leadership to S2", /^S1 is paused/);
});

journey("a server that is isolated is told as one thing", async ({ page }) => {
  await atStart(page);
  await runLines(page, "isolate S3");
  await caption(page).getByText("S3 is cut off from S1 S2 S4 S5.").first().waitFor();
  await runLines(page, "heal");
  await caption(page).getByText("All links between S3 and S1 S2 S4 S5 are mended.").first().waitFor();
});
