// The page itself: layout, keys, settings, errors.

import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { journey, picture } from "./harness.mjs";
import { button, chooseServers, linkIs, onlyLeader, onStage, realTime, row, rowsOf } from "./page.mjs";

for (const [width, height] of [[1280, 720], [1440, 900], [1920, 1080]]) {
  journey(`everything is in view at ${width} by ${height}`, { viewport: { width, height } }, async ({ page }) => {
    await onlyLeader(page);
    const overflow = await page.evaluate(() => {
      const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
      return [scrollWidth - clientWidth, scrollHeight - clientHeight];
    });
    assert.deepEqual(overflow, [0, 0]);
  });
}

journey("keys do what the buttons do", async ({ page }) => {
  await onlyLeader(page);
  await page.keyboard.press("Space");
  await button(page, "Play").waitFor();
  await page.keyboard.press("2");
  await page.keyboard.press("t");
  await page.getByRole("row", { name: /^S2 candidate/ }).waitFor();
  await page.keyboard.press("c");
  await page.getByRole("row", { name: /^S2 down/ }).waitFor();
  await page.keyboard.press("c");
  await page.getByRole("row", { name: /^S2 follower/ }).waitFor();
  await page.keyboard.press("i");
  await linkIs(page, "S1 to S2, cut");
  await page.keyboard.press("h");
  await linkIs(page, "S1 to S2, whole");
});

journey("keys typed into a field do not act on the cluster", async ({ page }) => {
  await onlyLeader(page);
  await page.keyboard.press("1");
  await button(page, "Set-up").click();
  await page.getByLabel("Seed").focus();
  await page.keyboard.press("c");
  await page.keyboard.press("Escape");
  await row(page, "S1").waitFor();
  assert.equal(await rowsOf(page, "down").count(), 0);
});

journey("a refused command shows the reason and changes nothing", async ({ page }) => {
  await onlyLeader(page);
  await page.keyboard.press("Space");
  await page.keyboard.press("1");
  await page.keyboard.press("c");
  await page.getByRole("row", { name: /^S1 down/ }).waitFor();
  await page.keyboard.press("t");
  await page.getByRole("alert").getByText("Not done: S1 is down; restart it first").waitFor();
  assert.equal(await button(page, "Time out S1").isDisabled(), true);
});

for (const size of ["1", "3", "9"]) {
  journey(`a cluster of ${size} elects a leader`, async ({ page }) => {
    await chooseServers(page, size);
    await realTime(page);
    await onlyLeader(page);
    assert.equal(await page.getByRole("rowheader").count(), Number(size));
  });
}

journey("a screenshot for README", { viewport: { width: 1280, height: 720 }, deviceScaleFactor: 1 }, async ({ page }) => {
  await onlyLeader(page);
  await page.keyboard.press("Space");
  await page.keyboard.press("2");
  await page.keyboard.press("t");
  await page.keyboard.press("Escape");
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press("ArrowRight");
  }
  await onStage(page, "S2").click();
  const path = await picture(page, "readme");
  if (process.env.UPDATE_PICTURES) {
    await copyFile(path, new URL("../../docs/page.png", import.meta.url));
  }
});

journey("after a click, Space does not click again", async ({ page }) => {
  const isolated = page.getByLabel("S1 on one side");
  await isolated.click();
  await page.keyboard.press("Space");
  await button(page, "Play").waitFor();
  assert.equal(await isolated.isChecked(), true);
});

journey("an invalid setting is refused with a reason", async ({ page }) => {
  await button(page, "Set-up").click();
  const seed = page.getByLabel("Seed");
  await seed.fill("-1");
  await seed.press("Tab");
  await page.getByRole("alert").getByText("Seed: a whole number is needed, not “-1”").waitFor();
  const start = button(page, "Start a new run");
  assert.equal(await start.isDisabled(), true);
  assert.equal(await seed.inputValue(), "-1");
  const latency = page.getByLabel("Latency");
  await latency.fill("5..6");
  await latency.press("Tab");
  assert.equal(await start.isDisabled(), true);
  await seed.fill("18446744073709551615");
  await seed.press("Tab");
  await page.getByRole("alert").waitFor({ state: "detached" });
  const heartbeat = page.getByLabel("Heartbeat (ms)");
  await heartbeat.fill("0");
  await heartbeat.press("Tab");
  await page.getByRole("alert").getByText("heartbeat must be from").waitFor();
  assert.equal(await start.isDisabled(), true);
  await heartbeat.fill("50 ms");
  await heartbeat.press("Tab");
  await button(page, "Start a new run").click();
  await onlyLeader(page);
});

journey("after the cluster size is chosen, digits select servers", async ({ page }) => {
  await chooseServers(page, 3);
  await page.keyboard.press("2");
  await page.getByRole("heading", { name: /^S2 / }).waitFor();
  assert.equal(await page.getByRole("rowheader").count(), 3);
});

journey("a delivered message shows its outcome", async ({ page }) => {
  await button(page, "Pause").click();
  await page.keyboard.press("1");
  await page.keyboard.press("t");
  await page.getByRole("button", { name: /^RequestVote from S1 to S2/ }).press("Enter");
  await button(page, "Deliver now").click();
  await page.getByRole("button", { name: /S2 votes for S1 in term 1/ }).first().waitFor();
});
