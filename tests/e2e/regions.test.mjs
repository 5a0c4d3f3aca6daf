// Keys: F6 between the regions, dialogs that stop time and take what is typed.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, fromMenu, press, realTime, runLines } from "./page.mjs";

/** The place of the focus among the regions of the page; -1 outside of them. */
const place = (page) =>
  page.evaluate(() => {
    const shown = [...document.querySelectorAll("[data-region]")].filter((it) => it.getBoundingClientRect().width > 0);
    return shown.indexOf(document.activeElement.closest("[data-region]"));
  });

const count = (page) =>
  page.evaluate(() => [...document.querySelectorAll("[data-region]")].filter((it) => it.getBoundingClientRect().width > 0).length);

journey("F6 moves through the regions and around, Shift+F6 back, also from the command line", async ({ page }) => {
  const regions = await count(page);
  assert(regions >= 6, `${regions} regions`);
  for (let at = 0; at <= regions; at += 1) {
    await press(page, "F6");
    assert.equal(await place(page), at % regions);
  }
  await press(page, "Shift+F6");
  assert.equal(await place(page), regions - 1);
  await press(page, "/");
  await page.getByRole("textbox", { name: "Command line" }).waitFor();
  await press(page, "F6");
  assert((await place(page)) >= 0);
});

journey("what is typed after G goes into the search, even at once", async ({ page }) => {
  await press(page, "g");
  await page.keyboard.type("figure-8 paper");
  const search = page.getByRole("searchbox", { name: "Search scenarios" });
  await page.getByRole("dialog").waitFor();
  await page.getByRole("dialog").getByRole("listitem").nth(3).waitFor({ state: "detached" });
  assert.equal(await search.inputValue(), "figure-8 paper");
});

journey("time stands still behind a dialog and goes on after it", async ({ page }) => {
  await realTime(page);
  const clock = page.getByLabel("Simulated time");
  await button(page, "Pause").waitFor();
  await press(page, "?");
  await page.getByRole("dialog").waitFor();
  const before = await clock.innerText();
  // Time that would have passed: a slow drawing of many frames.
  await page.evaluate(async () => {
    for (let frame = 0; frame < 20; frame += 1) {
      await new Promise(requestAnimationFrame);
    }
  });
  assert.equal(await clock.innerText(), before);
  await press(page, "Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.waitForFunction((before) => document.querySelector("output.clock").innerText !== before, before);
});

journey("with reduced motion nothing plays until it is wanted", { reducedMotion: "reduce" }, async ({ page }) => {
  await button(page, "Play").waitFor();
  await fromMenu(page, "Start over");
  await button(page, "Play").waitFor();
  await press(page, "Space");
  await button(page, "Pause").waitFor();
});

journey("the command line forgets refused text after Escape", async ({ page }) => {
  await press(page, "/");
  const field = page.getByRole("textbox", { name: "Command line" });
  await field.fill("crush S1");
  await field.press("Enter");
  await page.getByRole("alert").waitFor();
  await field.press("Escape");
  await field.waitFor({ state: "hidden" });
  await press(page, "/");
  await field.waitFor();
  assert.equal(await field.inputValue(), "");
  assert.equal(await page.getByRole("alert").count(), 0);
  await press(page, "Escape");
  await runLines(page, "crash S1");
});

/** The part of the window that an element covers. */
const share = async (page, selector) => {
  const box = await page.locator(selector).boundingBox();
  const { width, height } = page.viewportSize();
  return box === null ? 0 : (box.width * box.height) / (width * height);
};

journey("F lets the panel with the focus fill the window, Escape brings the others back", async ({ page }) => {
  const usual = await share(page, "#stage-panel");
  await press(page, "f");
  await page.locator("#logs").waitFor({ state: "hidden" });
  await page.locator("footer").waitFor({ state: "hidden" });
  assert((await share(page, "#stage-panel")) > 0.75);
  await press(page, "Escape");
  await page.locator("#logs").waitFor();
  assert(Math.abs((await share(page, "#stage-panel")) - usual) < 0.01);
  for (const panel of ["#logs", "#panel"]) {
    await page.locator(panel).focus();
    await press(page, "f");
    await page.locator("#stage-panel").waitFor({ state: "hidden" });
    assert((await share(page, panel)) > 0.75, panel);
    await press(page, "f");
    await page.locator("#stage-panel").waitFor();
  }
});

journey("a double click on the ground of a panel fills the window with it, another brings the others back", async ({ page }) => {
  const ground = { position: { x: 40, y: 300 } };
  await page.locator("#stage-panel").dblclick(ground);
  await page.locator("#logs").waitFor({ state: "hidden" });
  await page.locator("#stage-panel").dblclick(ground);
  await page.locator("#logs").waitFor();
  await page.locator("#logs").getByRole("cell", { name: "follower" }).first().dblclick();
  await page.locator("#stage-panel").waitFor();
});
