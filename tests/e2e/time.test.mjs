// The views of time: the overview of the whole run, and the axis of the diagram.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, axis, button, eventually, press, runLines } from "./page.mjs";

const clock = async (page) => (await page.getByLabel("Simulated time").innerText()).trim();
const present = (page) => page.getByRole("slider", { name: "The present" });
/** The time of the present, in ms. */
const now = async (page) => Number(await present(page).getAttribute("aria-valuenow"));
/** Waits until the present is drawn where it should be, and returns its time. */
const presentIs = (page, holds) => eventually(() => now(page), holds);
const storm = ["cut S1->S2", "cut S2->S1", "cut S2->S3", "cut S3->S1", "cut S4->S2", "cut S5->S1", "run 300s"];

/** Presses the mouse at a place of a drawing, moves it to others, and lets go. */
async function drag(page, id, y, ...places) {
  const box = await page.locator(id).boundingBox();
  const [first, ...others] = places.map((x) => box.x + x * box.width);
  await page.mouse.move(first, box.y + y);
  await page.mouse.down();
  for (const x of others) {
    await page.mouse.move(x, box.y + y, { steps: 3 });
  }
  await page.mouse.up();
}

journey("to scale, the labels of the axis are round and as far from each other as their times", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 2s", "crash S1", "run 3s");
  for (const zoom of ["The whole run", "Zoom in", "Zoom in", "Zoom in"]) {
    await button(page, zoom).click();
    const labels = await axis(page);
    const step = labels[1].time - labels[0].time;
    const digits = Math.round(step * 1000).toString().replace(/0+$/, "");
    assert(["1", "2", "5"].includes(digits), `a step of ${step} s`);
    const perSecond = (labels[1].x - labels[0].x) / step;
    for (const [place, { x, time, text }] of labels.entries()) {
      assert(Math.abs(time - labels[0].time - place * step) < 1e-6, text);
      assert(Math.abs(x - labels[0].x - (time - labels[0].time) * perSecond) < 2, `${text} is off`);
    }
  }
});

journey("by event, quiet rounds of heartbeats are folded, and a click opens them", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 2s", 'propose S1 "x"', "run 1s");
  assert.equal(await page.locator("#timeline .fold").count(), 0);
  await button(page, "By event").click();
  await page.getByText("by event, not to scale").waitFor();
  await button(page, "The whole run").click();
  const folds = page.locator("#timeline .fold");
  assert.match(await folds.first().textContent(), /⋯ \d\d/);
  const before = await folds.count();
  const box = await folds.first().boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await folds.nth(before - 1).waitFor({ state: "detached" });
  await button(page, "Unfold").click();
  await folds.first().waitFor({ state: "detached" });
});

journey("a click on the overview goes to that moment, and a drag takes the present along", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 2s");
  await drag(page, "#overview", 13, 0.5);
  await presentIs(page, (half) => half > 900 && half < 1100);
  await drag(page, "#overview", 13, 0.5, 0.25);
  await presentIs(page, (quarter) => quarter > 400 && quarter < 600);
  await button(page, "Play").waitFor();
});

journey("a run at one instant has an overview of its events, and a click goes to one of them", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "deliver all", "timeout S2", "deliver all");
  const place = async () => {
    const text = await present(page).getAttribute("aria-valuetext");
    return /^event (\d+) of (\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  };
  const [events] = await eventually(place, ([now, end]) => now > 20 && now === end);
  await drag(page, "#overview", 13, 0.5);
  await eventually(place, ([now, end]) => end === events && Math.abs(now / end - 0.5) < 0.1);
});

journey("a drag of the overview's frame moves the diagram, and not the present", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 20s");
  const before = await clock(page);
  const [first] = await axis(page);
  const overview = await page.locator("#overview").boundingBox();
  const frame = await page.locator("#overview .frame").boundingBox();
  const from = (frame.x + 3 - overview.x) / overview.width;
  await drag(page, "#overview", 13, from, from - 0.1, from - 0.3);
  await eventually(async () => (await axis(page))[0].time, (time) => time < first.time - 3);
  assert.equal(await clock(page), before);
});

journey("on the diagram's ruler, the present follows the pointer", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms");
  await drag(page, "#timeline", 8, 0.5, 0.3);
  const earlier = await presentIs(page, (time) => time < 100);
  await drag(page, "#timeline", 8, 0.3, 0.4);
  await presentIs(page, (time) => time > earlier);
});

journey("the present is a slider that tells time and event, and keys step it", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms");
  await present(page).focus();
  await press(page, "Home", "ArrowRight");
  await eventually(() => present(page).getAttribute("aria-valuetext"), (text) => /^0\.000 s .*S1/.test(text));
  await press(page, "ArrowUp", "ArrowRight");
  const later = await presentIs(page, (time) => time > 0);
  await press(page, "ArrowDown", "ArrowLeft");
  await presentIs(page, (time) => time < later);
  await press(page, "End");
  await presentIs(page, (time) => time === 100);
});

journey("a storm of 300 s shows elections and who led for how long, in few elements", async ({ page }) => {
  await atStart(page);
  await runLines(page, ...storm);
  await button(page, "The whole run").click();
  await page.locator("#timeline .share.stood").first().waitFor();
  await page.locator("#timeline .traffic").waitFor();
  for (const what of ["election", "term", "leaderless"]) {
    await page.locator(`#overview .${what}`).first().waitFor({ state: "attached" });
  }
  assert.match((await axis(page)).at(-1).text, /^\d:\d\d · term \d{3,}/);
  for (let zoom = 0; zoom < 14; zoom += 1) {
    const count = await page.locator("#timeline *, #overview *").count();
    assert(count < 1_500, `${count} elements at zoom ${zoom}`);
    await button(page, "Zoom in").click();
  }
});

journey("what comes after the present is dimmed, also past the last record", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms", "wait 30ms");
  assert.equal(await page.locator("#timeline .future").count(), 0);
  await press(page, "Home");
  const { x, width } = await page.locator("#timeline .future").boundingBox();
  const line = await page.locator("#timeline .now path").first().boundingBox();
  assert(Math.abs(x - line.x) < 4, `dimmed from ${x}, the present is at ${line.x}`);
  const beyond = await page.locator("#timeline .beyond").boundingBox();
  assert(Math.abs(x + width - beyond.x) < 1, `dimmed up to ${x + width}, nothing is known from ${beyond.x}`);
});
