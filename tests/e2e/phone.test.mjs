// The page on a phone: the stage, one view at a time, time controls at the bottom.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, button, onStage, table, toEvents } from "./page.mjs";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const view = (page, name) => page.getByRole("radio", { name, exact: true });

journey("a phone shows the page without scrolling, with time controls at the bottom", phone, async ({ page }) => {
  await page.getByRole("button", { name: /^S\d, leader/ }).waitFor();
  const { scrolls, high } = await page.evaluate(() => {
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
    return { scrolls: scrollWidth > clientWidth || scrollHeight > clientHeight, high: clientHeight };
  });
  assert.equal(scrolls, false);
  const { y } = await button(page, "Pause").boundingBox();
  assert(y > high * 0.85, `${y} of ${high}`);
  await button(page, "Pause").tap();
  await button(page, "Play").waitFor();
});

journey("a phone shows one view at a time, and the details of what is chosen", phone, async ({ page }) => {
  await atStart(page);
  const diagram = page.getByRole("img", { name: /^Space-time diagram/ });
  const logs = page.getByRole("table");
  await diagram.waitFor();
  assert.equal(await logs.isVisible(), false);

  await view(page, "Log").check();
  await logs.waitFor();
  assert.equal(await diagram.isVisible(), false);
  assert.match(await table(page), /S5\s+follower/);

  await onStage(page, "S2").tap();
  assert(await view(page, "Events").isChecked());
  await page.getByLabel("Inspector").getByRole("heading", { name: /^S2 / }).waitFor();
  await view(page, "Log").check();
  await onStage(page, "S2").tap();
  await button(page, "Time out S2").tap();
  await toEvents(page);
  await page.getByLabel("Events", { exact: true }).getByText(/S2's election timer has run out/).first().tap();
  assert(await view(page, "Events").isChecked());
  await button(page, "Why?").tap();
  await page.getByLabel("Inspector").getByText("What was sent").waitFor();
});

journey("on a narrow screen the keys work, also after a view was chosen", phone, async ({ page }) => {
  await view(page, "Log").check();
  await page.keyboard.press("Space");
  await button(page, "Play").waitFor();
  await view(page, "Log").focus();
  await page.keyboard.press("ArrowRight");
  assert(await view(page, "Events").isChecked());
});
