// The command line.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, onStage, press } from "./page.mjs";

const line = (page) => page.getByRole("textbox", { name: "Command line" });
const region = (page) => page.getByRole("region", { name: "Command line" });

const value = (page, expected) =>
  page.waitForFunction((expected) => document.querySelector("#command-line")?.value === expected, expected);

journey("a line is completed, executed, and recalled from the history", async ({ page }) => {
  await atStart(page);
  await press(page, "/");
  await page.keyboard.type("cut S1->S2");
  await press(page, "Enter");
  await page.getByRole("button", { name: "Link S1 to S2, cut one way" }).waitFor();
  await value(page, "");

  await page.keyboard.type("cra");
  await press(page, "Tab");
  await value(page, "crash ");
  await region(page).getByText("S1 S2 S3 S4 S5").waitFor();
  await page.keyboard.type("S5");
  await press(page, "Enter");
  await becomes(page, "S5", "down");

  await press(page, "ArrowUp");
  await value(page, "crash S5");
  await press(page, "ArrowUp");
  await value(page, "cut S1->S2");
  await press(page, "ArrowDown", "ArrowDown");
  await value(page, "");
  await press(page, "Escape");
  await line(page).waitFor({ state: "detached" });
  await press(page, "5", "c");
  await becomes(page, "S5", "follower");
});

journey("lines entered faster than the page renders are all executed", async ({ page }) => {
  await atStart(page);
  await press(page, "/");
  await line(page).and(page.locator(":focus")).waitFor();
  // The page does not render within one task.
  await page.evaluate(() => {
    const key = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const type = (text) => document.execCommand("insertText", false, text);
    type("crash S4");
    key("Enter");
    type("cra");
    key("Tab");
    type("S5");
    key("Enter");
  });
  await becomes(page, "S4", "down");
  await becomes(page, "S5", "down");
  await value(page, "");
});

journey("an invalid line stays, with the error beside it", async ({ page }) => {
  await atStart(page);
  await press(page, "/");
  await page.keyboard.type("crush S1");
  await press(page, "Enter");
  await region(page).getByRole("alert").getByText(/`crush` cannot stand here; did you mean `crash`\?$/).waitFor();
  await value(page, "crush S1");
  await line(page).fill("crash S7");
  await region(page).getByRole("alert").waitFor({ state: "detached" });
  await press(page, "Enter");
  await region(page).getByRole("alert").getByText(/S1 to S5/).waitFor();
});

journey("every click is shown as a script line, and the run can be copied as a script", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page }) => {
  await atStart(page);
  await onStage(page, "S2").click();
  await button(page, "Time out S2").click();
  await region(page).getByText("timeout S2").waitFor();
  await page.getByRole("button", { name: /^RequestVote from S2 to S3:/ }).press("Enter");
  await button(page, "Deliver now").click();
  await region(page).getByText(/^deliver .*S2->S3/).waitFor();
  await button(page, "Share").click();
  await button(page, "Copy script").click();
  await page.getByRole("dialog").getByText("The script is on the clipboard.").waitFor();
  const script = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(script, /\n\ntimeout S2\ndeliver S2->S3 RequestVote\n$/);
});

journey("a goal is saved as it was typed", { permissions: ["clipboard-read", "clipboard-write"] }, async ({ page }) => {
  await atStart(page);
  await press(page, "/");
  for (const typed of ["run until leader", "run until 3 leaders within 100ms", "run until committed 1 within 2s"]) {
    await line(page).fill(typed);
    await press(page, "Enter");
    if (typed.includes("3 leaders")) {
      await page.getByText(/waited for 3 leaders within 100ms, but found/).waitFor();
    }
  }
  await press(page, "Escape");
  await button(page, "Share").click();
  await button(page, "Copy script").click();
  await page.getByRole("dialog").getByText("The script is on the clipboard.").waitFor();
  const script = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(script, /\n\nrun until leader\nrun 100ms\nrun until committed 1 within 2s\n$/);
});
