// Predicting what happens next.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { button, caption, openScenario, press, realTime, rowsOf } from "./page.mjs";

/** The answers to the question that is open. */
const answers = (page) => caption(page).locator(".answers button");

/** Guesses the first answer of each question until a server leads; returns how many. */
async function guessUntilLed(page) {
  for (let guesses = 0; ; guesses += 1) {
    const led = rowsOf(page, "leader").first();
    await answers(page).first().or(led).first().waitFor();
    if (await led.isVisible()) {
      return guesses;
    }
    await page.keyboard.press("1");
    await answers(page).first().waitFor({ state: "detached" });
    await page.keyboard.press("Space");
    await page.keyboard.press("Space");
  }
}

journey("an election is predicted with one key and the guesses", async ({ page }) => {
  await press(page, "Home");
  await realTime(page);
  await press(page, "q");
  const guesses = await guessUntilLed(page);
  assert(guesses >= 3, `${guesses}`);
  const score = await caption(page).getByRole("button", { name: /^Predict: \d+ of \d+$/ }).innerText();
  assert.equal(Number(score.split(" ").at(-1)), guesses);
});

journey("a guess shows the right answer with its reason, and the stage stays as it was", async ({ page }) => {
  await press(page, "Home");
  await realTime(page);
  const size = () => page.getByRole("group", { name: "Cluster" }).boundingBox();
  const before = await size();
  await press(page, "q");
  await answers(page).first().waitFor();
  assert.deepEqual(await size(), before);
  assert((await answers(page).count()) <= 4);
  await answers(page).first().click();
  await caption(page).getByText(/^(Right: |Not “).*(election|term)/).waitFor();
  assert.deepEqual(await size(), before);
});

journey("after an answer has been read, the run goes on to the next question by itself", async ({ page }) => {
  await press(page, "Home");
  await realTime(page);
  await press(page, "q");
  await answers(page).first().waitFor();
  const first = await caption(page).locator(".question .sentence").innerText();
  await page.keyboard.press("b");
  const next = caption(page).locator(".question .sentence").filter({ hasNotText: first });
  await next.waitFor();
});

journey("a lesson asks before it goes on to its next caption", async ({ page }) => {
  await openScenario(page, "first-steps split-vote");
  await press(page, "q", "Space", "PageDown");
  await caption(page).locator(".question").getByText(/\?/).first().waitFor();
  assert((await answers(page).count()) >= 2);
});

journey("stepping asks before the record, and ending the quiz ends the questions", async ({ page }) => {
  await press(page, "Home", "q", "Space");
  for (let step = 0; step < 40 && !(await answers(page).first().isVisible()); step += 1) {
    await page.keyboard.press("ArrowRight");
  }
  await answers(page).first().waitFor();
  await button(page, "Predict: 0 of 0").click();
  await answers(page).first().waitFor({ state: "detached" });
});
