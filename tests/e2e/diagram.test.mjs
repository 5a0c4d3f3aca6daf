// The space-time diagram.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, axis, button, onStage, press, row, runLines } from "./page.mjs";

const diagram = (page) => page.getByRole("img", { name: /^Space-time diagram/ });

/** A finished election, paused. */
async function elected(page) {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms");
}

/** The point on the screen at a fraction of the way along the first arrow of a kind. */
async function onArrow(page, kind, fraction) {
  return diagram(page).locator(`.arrows .${kind}`).evaluate((path, fraction) => {
    const [x0, y0, x, y] = path.getAttribute("d").match(/-?[\d.]+/g).map(Number);
    const place = new DOMPoint(x0 + (x - x0) * fraction, y0 + (y - y0) * fraction);
    const { x: left, y: top } = place.matrixTransform(path.getScreenCTM());
    return { x: left, y: top };
  }, fraction);
}

journey("each server has a lane and each message an arrow", async ({ page }) => {
  await elected(page);
  for (const server of ["S1", "S2", "S3", "S4", "S5"]) {
    await diagram(page).getByText(server, { exact: true }).waitFor();
  }
  for (const kind of ["vote", "yes", "entries"]) {
    assert.match(await diagram(page).locator(`.arrows .${kind}`).getAttribute("d"), /^M/);
  }
});

journey("buttons, wheel and pointer zoom and move the diagram", async ({ page }) => {
  await elected(page);
  const span = async () => {
    const times = await axis(page);
    return times.at(-1).time - times[0].time;
  };
  const whole = await span();
  await button(page, "Zoom in").click();
  const closer = await span();
  assert(closer < whole, `${closer} of ${whole} ms`);
  await button(page, "Zoom out").click();
  assert((await span()) > closer);

  const scale = () => diagram(page).locator(".axis text").allTextContents();
  const before = await scale();
  await diagram(page).hover();
  await page.mouse.wheel(0, -100);
  await page.waitForFunction(
    (before) => [...document.querySelectorAll("#timeline .axis text")].map((it) => it.textContent).join() !== before,
    before.join(),
  );

  const [first] = await axis(page);
  const box = await diagram(page).boundingBox();
  await page.mouse.move(box.x + 700, box.y + 68);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 68, { steps: 4 });
  await page.mouse.up();
  const [moved] = await axis(page);
  assert(moved.time > first.time, `${moved.time} s after ${first.time} s`);
  await button(page, "The whole run").click();
  assert((await axis(page))[0].time < moved.time);
  await button(page, "Follow the present").click();
  assert.equal(await button(page, "Follow the present").isDisabled(), true);
});

journey("hovering an item highlights it in the diagram, the stage, the logs and the events", async ({ page }) => {
  await elected(page);
  await press(page, "Home", "Shift+ArrowRight");
  // A message: from the diagram to the stage.
  const spot = await onArrow(page, "vote", 0.5);
  await page.mouse.move(spot.x, spot.y);
  await page.locator("#stage .message.hovered").waitFor();
  await page.mouse.move(5, 5);
  await page.locator("#stage .message.hovered").waitFor({ state: "detached" });
  // And back.
  await page.locator("#stage .message").first().hover();
  await diagram(page).locator(".pointed.hovered").waitFor({ state: "attached" });
  // An event: its server's row, its lane, and its server on the stage.
  await page.getByLabel("Events").getByRole("button", { name: /S1's election timer/ }).hover();
  await diagram(page).locator(".pointed.hovered").waitFor({ state: "attached" });
  assert.match(await row(page, "S1").getAttribute("class"), /\bhovered\b/);
  assert.match(await onStage(page, "S1").getAttribute("class"), /\bhovered\b/);
  // A server: from its row to the stage and back.
  await row(page, "S4").hover();
  await page.locator("#stage .server.hovered").and(onStage(page, "S4")).waitFor();
  await onStage(page, "S3").hover();
  await page.getByRole("row", { name: /^S3 / }).and(page.locator(".hovered")).waitFor();
});

journey("a click on the diagram seeks to that time at any zoom", { viewport: { width: 1920, height: 1080 } }, async ({ page }) => {
  await elected(page);
  await button(page, "The whole run").click();
  const begun = await diagram(page).locator(".timeout").first().boundingBox();
  await page.mouse.click(begun.x + begun.width / 2, begun.y + begun.height / 2);
  await page.getByLabel("Inspector").getByRole("heading", { name: /^0\.000 s .*S1/ }).waitFor();
  await page.getByLabel("Simulated time").getByText("0.000 s").waitFor();
  await press(page, "Escape");
  for (const zoom of ["The whole run", "Zoom in", "Zoom in"]) {
    await button(page, zoom).click();
    const [one, other] = await axis(page);
    const { y, height } = await diagram(page).boundingBox();
    await page.mouse.click(one.x + (other.x - one.x) * 0.75, y + height - 3);
    const there = parseFloat(await page.getByLabel("Simulated time").innerText());
    const wanted = one.time + (other.time - one.time) * 0.75;
    assert(Math.abs(there - wanted) < 0.002, `${there} s instead of ${wanted} s: ${zoom}`);
  }
});

journey("in a lecture hall the overview stands for the diagram, and a click on it seeks", { viewport: { width: 1920, height: 1080 } }, async ({ page }) => {
  await elected(page);
  const overview = page.locator("#overview");
  const usual = await overview.boundingBox();
  await button(page, "Projector").click();
  assert.equal(await diagram(page).count(), 0);
  const { x, y, width, height } = await overview.boundingBox();
  assert(height > usual.height * 1.2, `${height} px, usually ${usual.height} px`);
  await page.mouse.click(x + 2, y + height / 2);
  await page.getByLabel("Simulated time").filter({ hasText: /^0\.00\d s$/ }).waitFor();
});
