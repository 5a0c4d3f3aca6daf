// Broken rules and their consequences.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { askWhy, becomes, button, onStage, openScenario, press, runLines, toEvents } from "./page.mjs";

const setUp = (page) => page.getByRole("dialog", { name: "Set-up" });

journey("a broken rule is shown until it is enabled again, and its violation pauses the run and is explained", async ({ page }) => {
  await button(page, "Standard Raft").click();
  await setUp(page).getByRole("textbox", { name: "Servers" }).fill("3");
  await setUp(page).getByRole("textbox", { name: "Servers" }).press("Tab");
  await setUp(page).getByRole("checkbox", { name: /^many-votes-per-term/ }).check();
  await button(page, "Start a new run").click();
  const banner = button(page, "Modified: many-votes-per-term");
  await banner.waitFor();

  await press(page, "Home");
  await runLines(page, "timeout S1", "timeout S3");
  await page.getByLabel("Speed").fill("9");
  await press(page, "Space");
  await page.getByRole("status").getByText("Stopped: a violation.").waitFor();
  await button(page, "Play").waitFor();
  await page.locator("#timeline .violation").first().waitFor({ state: "attached" });
  await page.getByLabel("Inspector").getByRole("alert").getByText("vote-once is violated.").waitFor();
  await toEvents(page);
  const violated = page.getByLabel("Events").locator(".violated").getByRole("button");
  await askWhy(page, violated.first());
  const alert = page.getByLabel("Inspector").getByRole("alert");
  assert.match(await alert.innerText(), /^vote-once is violated\. S\d has voted for S1 and for S3 in term 1\..*§5\.2/s);
  await banner.waitFor();

  await banner.click();
  await setUp(page).getByRole("checkbox", { name: /^many-votes-per-term/ }).uncheck();
  await button(page, "Start a new run").click();
  await button(page, "Standard Raft").waitFor();
});

journey("each broken rule has a scenario that shows the violation", async ({ page }) => {
  await button(page, "Set-up").click();
  const rule = setUp(page).getByRole("listitem").filter({ hasText: "quorum-of-half" });
  await rule.getByRole("button", { name: "Show me" }).click();
  await button(page, "Modified: quorum-of-half − no-op").waitFor();
  await page.getByRole("combobox", { name: "Landmark" }).selectOption("violation");
  await button(page, "Next landmark (Shift →)").click();
  await page.locator("#timeline .violation").first().waitFor({ state: "attached" });
  await page.getByLabel("Events").locator(".violated").first().waitFor();
});

journey("the violation by two leaders of a term links to the earlier leader", async ({ page }) => {
  await openScenario(page, "many-votes-per-term broken");
  await press(page, "End");
  await becomes(page, "S3", "leader", 1);
  await askWhy(page, page.getByLabel("Events").locator(".violated").getByRole("button").last());
  const alert = page.getByLabel("Inspector").getByRole("alert");
  await alert.getByText("election-safety is violated.").waitFor();
  await alert.getByTitle("Go there").click();
  await page.getByLabel("Inspector").getByRole("heading", { level: 2 }).getByText(/S1/).waitFor();
});

/** The role of a server in words, under it. */
const role = (page, words) => page.getByRole("group", { name: "Cluster" }).getByText(words, { exact: true });

journey("the badge says by which rules the servers act", async ({ page }) => {
  await button(page, "Standard Raft").waitFor();
  await button(page, "Set-up").click();
  await page.getByLabel("Pre-vote", { exact: true }).check();
  await page.getByLabel("Check-quorum", { exact: true }).check();
  await button(page, "Start a new run").click();
  await button(page, "Raft + pre-vote + check-quorum").waitFor();
});

journey("a candidate says how many votes are enough for it, and how many Raft asks for", async ({ page }) => {
  await openScenario(page, "quorum-of-half broken");
  await press(page, "Home", "ArrowRight", "ArrowRight");
  await becomes(page, "S1", "candidate", 1);
  const told = role(page, "candidate: 1 of 2, not 3");
  const [words, stage] = [await told.boundingBox(), await page.getByRole("group", { name: "Cluster" }).boundingBox()];
  assert(words.x >= stage.x && words.x + words.width <= stage.x + stage.width, "it is cut off");
  await openScenario(page, "figure-8 not yet committed");
  await press(page, "Home", "ArrowRight", "ArrowRight");
  await becomes(page, "S1", "candidate", 2);
  await role(page, "candidate: 1 of 3").waitFor();
});
