// Breakpoints.

import assert from "node:assert/strict";
import { journey } from "./harness.mjs";
import { atStart, becomes, button, press, realTime, rowsOf, runLines } from "./page.mjs";

const dialog = (page) => page.getByRole("dialog", { name: "Breakpoints" });

const stopped = (page, at) => page.getByRole("status").getByText(`Stopped: ${at}.`).waitFor();

journey("a breakpoint on two leaders pauses the run", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "partition S1 S2 | S3 S4 S5");
  await press(page, "b");
  await dialog(page).getByRole("button", { name: "two leaders" }).click();
  await press(page, "Escape");
  await realTime(page);
  await press(page, "Space");
  await stopped(page, "two leaders");
  assert.equal(await rowsOf(page, "leader").count(), 2);
  await button(page, "Play").waitFor();
});

journey("a breakpoint on a server's role pauses the run, unless it is disabled", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "crash S1", "crash S2");
  await button(page, "Breakpoints 1").click();
  await dialog(page).getByRole("combobox", { name: "Server" }).selectOption("S3");
  await dialog(page).getByRole("combobox", { name: "Role" }).selectOption("candidate");
  await dialog(page).getByRole("button", { name: "Add" }).first().click();
  await dialog(page).getByRole("checkbox", { name: "S3 becomes candidate" }).uncheck();
  await press(page, "Escape");
  await press(page, "3", "t");
  await becomes(page, "S3", "candidate", 2);
  await press(page, "u", "b");
  await dialog(page).getByRole("checkbox", { name: "S3 becomes candidate" }).check();
  await press(page, "Escape");
  await button(page, "Breakpoints 2").waitFor();
  await realTime(page);
  await runLines(page, "crash S4", "crash S5");
  await press(page, "Space");
  await stopped(page, "S3 becomes candidate");
  await becomes(page, "S3", "candidate", 2);
});

journey("a typed condition pauses the run; an invalid one lists what is valid", async ({ page }) => {
  await atStart(page);
  await press(page, "b");
  const field = dialog(page).getByRole("combobox", { name: "Condition" });
  await field.fill("soon leads");
  await field.press("Enter");
  const wrong = dialog(page).getByRole("alert");
  await wrong.waitFor();
  assert.match(await wrong.innerText(), /^expected a server .*`leader`.*, found `soon`$/);
  await field.fill("S2 is leadr");
  await field.press("Enter");
  await wrong.getByText("did you mean `leader`?").waitFor();
  await field.fill("S2 is leader");
  await field.press("Enter");
  await wrong.waitFor({ state: "detached" });
  await dialog(page).getByRole("checkbox", { name: "S2 is leader" }).waitFor();
  await press(page, "Escape", "2", "t");
  await realTime(page);
  await press(page, "Space");
  await stopped(page, "S2 is leader");
  await becomes(page, "S2", "leader", 1);
});
