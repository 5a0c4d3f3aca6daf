// The list of events: past, present and future, in order of time.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, button, onlyLeader, press, realTime, runLines, until } from "./page.mjs";

const events = (page) => page.getByLabel("Events", { exact: true });
const rows = (page) => events(page).getByRole("listitem");
const present = (page) => events(page).locator("[aria-current]");

/** How many events the list has, whether drawn or not. */
const count = async (page) => Number(await rows(page).first().getAttribute("aria-setsize"));

/** Two elections, a partition, and a storm: paused at its end. */
async function story(page) {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "partition S1 S2 | S3 S4 S5", "run 5s", "heal", "run 5s");
}

/** The row at a point of the page, and the time of it. */
const rowAt = (page, { x, y }) =>
  page.evaluate(([x, y]) => document.elementFromPoint(x, y).closest("li")?.innerText, [x, y]);

const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

journey("the events stand still under the mouse, nothing vanishes, and a double click stays on one", async ({ page }) => {
  await story(page);
  const all = await count(page);
  const list = await events(page).locator(".rows").boundingBox();
  for (const part of [0.3, 0.6]) {
    const spot = { x: list.x + list.width / 2, y: list.y + list.height * part };
    const before = await rowAt(page, spot);
    await page.mouse.click(spot.x, spot.y);
    await present(page).filter({ hasText: before.split("\n").at(-1) }).waitFor();
    assert.equal(await rowAt(page, spot), before);
    assert.equal(await count(page), all);
    assert.equal((await present(page).innerText()).trim(), before.trim());
    await page.mouse.dblclick(spot.x, spot.y);
    assert.equal(await rowAt(page, spot), before);
    assert.equal((await present(page).innerText()).trim(), before.trim());
  }
});

journey("past, present and future are in one list, oldest first, the future quieter", async ({ page }) => {
  await story(page);
  const all = await count(page);
  await press(page, "Home", "Shift+ArrowRight");
  assert.equal(await count(page), all);
  await events(page).locator("li.future").first().waitFor();
  const times = (await events(page).locator("time").allInnerTexts()).map(parseFloat);
  assert.deepEqual(times, times.toSorted((one, other) => one - other));
  const future = await events(page).locator("li.future").first().getAttribute("aria-posinset");
  const now = await events(page).locator("li.now").getAttribute("aria-posinset");
  assert.equal(Number(future), Number(now) + 1);
  await press(page, "End");
  await events(page).locator("li.future").first().waitFor({ state: "detached" });
});

journey("of a run of 300 s only the events in view are in the document", async ({ page }) => {
  await atStart(page);
  await runLines(page, "isolate S5", "run 300s");
  assert((await count(page)) > 1_000, `${await count(page)}`);
  assert((await rows(page).count()) < 100);
  await events(page).locator(".rows").evaluate((list) => list.scrollTo(0, 0));
  await events(page).locator("li[aria-posinset='1']").waitFor();
  assert((await rows(page).count()) < 100);
  await button(page, "To now").click();
  await present(page).waitFor();
});

journey("the events follow the present while it plays, unless the reader has scrolled away", async ({ page }) => {
  await onlyLeader(page);
  await realTime(page);
  const shown = () => until(page, () => {
    const row = document.querySelector(".events [aria-current]");
    const list = row?.closest(".rows").getBoundingClientRect();
    const { top, bottom } = row?.getBoundingClientRect() ?? {};
    return top >= list?.top - 1 && bottom <= list?.bottom + 1;
  });
  await runLines(page, "isolate S4", "isolate S5", "run 20s");
  await shown();
  const list = await events(page).locator(".rows").boundingBox();
  await page.mouse.move(middle(list).x, middle(list).y);
  await page.mouse.wheel(0, -100_000);
  await events(page).locator("li[aria-posinset='1']").waitFor();
  const before = await count(page);
  await runLines(page, "crash S1", "restart S1", "crash S1", "restart S1");
  await until(page, (before) => {
    const shown = document.querySelector(".events li[aria-posinset='1']");
    return Number(shown?.ariaSetSize) > before + 2;
  }, before);
  await button(page, "To now").click();
  await present(page).waitFor();
  await shown();
});

journey("the events are one tab stop; arrows move, Enter goes there", async ({ page }) => {
  await story(page);
  assert.equal(await events(page).locator("li [tabindex='0']").count(), 1);
  await events(page).locator("li [tabindex='0']").focus();
  const text = () => page.evaluate(() => document.activeElement.innerText);
  const last = await text();
  await press(page, "ArrowUp", "ArrowUp", "ArrowUp");
  const chosen = await text();
  assert.notEqual(chosen, last);
  await press(page, "Enter");
  await present(page).filter({ hasText: chosen.split("\n").at(-1) }).waitFor();
  assert.equal(await events(page).locator("li [tabindex='0']").count(), 1);
});

journey("the events are filtered by server and by kind", async ({ page }) => {
  await story(page);
  const all = await count(page);
  await events(page).getByLabel("Server", { exact: true }).selectOption("S5");
  const some = await count(page);
  assert(some < all);
  await events(page).getByLabel("Kind of event").selectOption("Faults and losses");
  assert((await count(page)) < some);
  await events(page).getByText(/network parts|Partition/i).first().waitFor();
  await events(page).getByLabel("Server", { exact: true }).selectOption("All servers");
  await events(page).getByLabel("Kind of event").selectOption("Everything");
  assert.equal(await count(page), all);
});
