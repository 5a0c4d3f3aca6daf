// For screen readers: distinct accessible names, drawings described as text, and
// captions announced once and not faster than they can be read.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, caption, onlyLeader, openScenario, press, runLines } from "./page.mjs";

/** Controls with the same role and name, or without a name. */
async function ambiguousControls(page) {
  const tree = await page.locator("dialog[open], body:not(:has(dialog[open]))").ariaSnapshot();
  const controls = tree.split("\n").map((line) => line.trim().match(/^- '?(button|textbox|combobox|checkbox|searchbox|slider)(?: "(.*?)")?(?=[ ':[]|$)/)).filter(Boolean);
  assert(controls.length > 1, "no controls");
  const seen = new Map();
  for (const [, role, name] of controls) {
    const control = `${role} ${name}`;
    seen.set(control, (seen.get(control) ?? 0) + 1);
  }
  return [...seen].filter(([control, count]) => count > 1 || control.endsWith("undefined"));
}

const states = {
  "at the start": atStart,
  "with everything on the stage": async (page) => {
    await atStart(page);
    await runLines(page, "timeout S1", "run 60ms", 'propose S1 "x=1"', "duplicate S1->S2", "hold S1->S3", "crash S4");
    await press(page, "1");
  },
  "with a link chosen": async (page) => {
    await atStart(page);
    await page.getByRole("button", { name: /^Link S1 to S2,/ }).press("Enter");
  },
  "in a tour": (page) => openScenario(page, "figure-8 not yet committed"),
  "with branches": async (page) => {
    await atStart(page);
    await runLines(page, "timeout S1", "run 60ms");
    await press(page, "ArrowLeft", "ArrowLeft", "1", "c", "ArrowLeft", "ArrowLeft", "2", "c");
    await button(page, "Branches 3").press("Enter");
  },
  "with breakpoints": async (page) => {
    await press(page, "b");
    for (const name of ["two leaders", "a commit", "Add: S1 becomes candidate"]) {
      await button(page, name).press("Enter");
    }
  },
  "with the scenarios": (page) => press(page, "g"),
  "with the settings": (page) => button(page, "Set-up").press("Enter"),
  "with the share dialog": (page) => button(page, "Share").press("Enter"),
};

for (const [state, reach] of Object.entries(states)) {
  journey(`no two controls have the same name ${state}`, async ({ page }) => {
    await reach(page);
    assert.deepEqual(await ambiguousControls(page), []);
  });
}

/** Records announcements from now on; returns a function that returns them. */
async function announcements(page) {
  const recorded = await caption(page).locator("[aria-live]").evaluateHandle((region) => {
    const recorded = [];
    new MutationObserver(() => recorded.push(region.textContent)).observe(region, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    return recorded;
  });
  return async () => (await recorded.jsonValue()).filter(Boolean);
}

journey("each major event is announced once", async ({ page }) => {
  const announced = await announcements(page);
  const { name } = await onlyLeader(page);
  await page.getByLabel("Events").getByText(/commits up to index 1/).waitFor();
  const captions = await announced();
  assert(captions.some((it) => it.includes(`${name} leads term 1`)), captions);
  assert.equal(new Set(captions).size, captions.length, captions);
});

journey("nothing is announced at high speed, and the last major event when the run pauses", async ({ page }) => {
  await button(page, "Set-up").click();
  await page.getByLabel("Loss").fill("60%");
  await page.getByLabel("Loss").press("Tab");
  await button(page, "Start a new run").click();
  await page.getByLabel("Speed").fill("13");
  const announced = await announcements(page);
  await page.getByLabel("Simulated time").filter({ hasText: /^(\d\d\.\d{3} s|\d+:\d\d\.\d{3})$/ }).waitFor();
  assert.deepEqual(await announced(), []);
  await press(page, "Space");
  await button(page, "Play").waitFor();
  assert.equal((await announced()).length, 1);
});

journey("errors and notices are announced from live regions that existed before", async ({ page }) => {
  await atStart(page);
  const status = await caption(page).locator("[role=status]").elementHandle();
  await press(page, "1", "c", "ArrowLeft", "2", "c");
  await page.getByRole("status").getByText(/begins here/).waitFor();
  assert(await status.evaluate((it) => it.textContent.includes("begins here")));
  await press(page, "2", "t");
  await page.getByRole("alert").getByText("Not done: S2 is down").waitFor();
  assert.equal(await status.innerText(), "");
});

journey("the stage and the diagram have text alternatives", async ({ page }) => {
  await atStart(page);
  await press(page, "1", "t");
  const stage = page.getByRole("group", { name: "Cluster" });
  await stage.getByRole("button", { name: "S1, candidate, term 1, voted for S1, has votes: S1", exact: true }).waitFor();
  await stage.getByRole("button", { name: "S2, follower, term 0, no vote", exact: true }).waitFor();
  await stage.getByRole("button", { name: /^RequestVote from S1 to S2: .* It arrives at 0\.\d{3} s\.\s*$/ }).waitFor();
  await page.getByRole("img", { name: /^Space-time diagram: .* The events tell the same in words\.$/ }).waitFor();
  await becomes(page, "S1", "candidate", 1);
});
