// Assignments: a lesson with a goal that checks itself.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { openScenario, press, runLines } from "./page.mjs";

const goals = (page) => page.getByRole("group", { name: "Goal", exact: true });

journey("an assignment tells its goal, and that it is met as soon as it is", async ({ page }) => {
  await openScenario(page, "assignments two-leaders");
  await goals(page).getByText("does not hold yet").waitFor({ state: "attached" });
  await runLines(page, "isolate S1", "timeout S2", "deliver all");
  await goals(page).getByRole("status").filter({ hasText: "Goal met at" }).waitFor();
  // Before that moment it was not.
  await press(page, "Home");
  await goals(page).getByRole("status").filter({ hasText: /^Goal$/ }).waitFor();
});

journey("of several goals each says whether it holds, and all must hold at one moment", async ({ page }) => {
  await openScenario(page, "assignments commit-unheard");
  await goals(page).getByText("does not hold yet").first().waitFor({ state: "attached" });
  assert.equal(await goals(page).getByRole("listitem").count(), 2);
  await runLines(page, 'propose S1 "a"', 'propose S1 "b"', "deliver all", "run 200ms");
  await goals(page).locator("li.holds", { hasText: "committed 2" }).waitFor();
  assert.equal(await goals(page).getByRole("status").innerText(), "Goal");
  await press(page, "Home");
  await goals(page).locator("li.holds", { hasText: "committed 2" }).waitFor({ state: "detached" });
});

journey("a run without a goal shows none", async ({ page }) => {
  await page.getByRole("button", { name: "Client request" }).waitFor();
  assert.equal(await goals(page).count(), 0);
});
