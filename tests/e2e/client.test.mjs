// The client's requests on the stage, and what became of them.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, button, runLines } from "./page.mjs";

/** The requests shown, oldest first. */
const requests = (page) => page.getByRole("group", { name: "Client", exact: true }).getByRole("listitem");

/** Waits until the latest request has become this. */
const became = (page, fate) => requests(page).last().and(page.getByTitle(fate, { exact: true })).waitFor();

journey("a request waits until a majority has it, and is answered", async ({ page }) => {
  await atStart(page);
  assert(await button(page, "Client request").isDisabled());
  await runLines(page, "timeout S1", "run 100ms");
  await button(page, "Client request").click();
  await became(page, "it is in the log of S1, which has not answered yet");
  await runLines(page, "run 100ms");
  await became(page, "S1 has answered: it is committed");
  assert.match(await requests(page).innerText(), /^✓ x=1 → S1/);
});

journey("a request at a leader that is cut off waits, has no answer when it crashes, and is gone when it is overwritten", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms", "partition S1 S2 | S3 S4 S5", 'propose S1 "a"', "run 100ms");
  await became(page, "it is in the log of S1, which has not answered yet");
  await runLines(page, "crash S1");
  await became(page, "S1 has it no more or is down; others have it in their logs");
  await runLines(page, "restart S1", "timeout S3", "run 100ms", "heal", "run 500ms");
  await became(page, "it is in no log any more");
});

journey("what another leader commits after the crash of the one that was asked is never answered by that one", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms", 'propose S1 "a"', "deliver S1->S2", "deliver S1->S3", "crash S1", "timeout S2", "run 300ms");
  await became(page, "S1 has it no more or is down; others have it in their logs");
});

journey("a request to a follower is refused", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms", 'propose S2 "a"');
  await became(page, "S2 refused it");
});

journey("the three latest requests are shown, oldest first", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 100ms", ...["a", "b", "c", "d"].map((it) => `propose S1 "${it}"`));
  assert.deepEqual((await requests(page).allInnerTexts()).map((it) => it.match(/\S+ → S1/)[0]), ["b → S1", "c → S1", "d → S1"]);
});
