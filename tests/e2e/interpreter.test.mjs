// The interpreter of servers' programs: a module of its own, loaded when one is wanted.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { becomes, button, caption, drop, openScenario, press, row, runLines, until, workDone } from "./page.mjs";

const MODULE = "hustings-interpreter";
/** How often the page has asked for the module. */
const requests = (page) =>
  page.evaluate((name) => performance.getEntriesByType("resource").filter((it) => it.name.includes(`${name}_bg.wasm`)).length, MODULE);
const title = (page) => page.locator("#head .rules");
const lesson = (page) => page.getByRole("group", { name: "Lesson" });

/** Three servers of the course, of which S1 is to win its first election. */
const script = "cluster 3\nrun all message-dispatch\nmend message-dispatch votes-not-counted\ntimeout S1\ndeliver all\n";
const link = `#${script.trim().split("\n").join(";").replaceAll(" ", "+")};end`;

journey("a visit without programs does not load the interpreter", async ({ page }) => {
  await openScenario(page, "split-vote first-steps");
  await lesson(page).waitFor();
  assert.equal(await requests(page), 0);
});

journey("a link to servers that run programs opens with them, and a reload brings them back", async ({ page }) => {
  await start(page, page.url() + link);
  await becomes(page, "S1", "leader", 1);
  assert.equal(await title(page).innerText(), "Programs: message-dispatch");
  assert.equal(await requests(page), 1);
  await runLines(page, "crash S1", "timeout S2", "deliver all");
  await becomes(page, "S2", "leader", 2);
  await page.reload();
  await becomes(page, "S2", "leader", 2);
  assert.equal(await title(page).innerText(), "Programs: message-dispatch");
});

journey("a lesson about a program opens from the gallery, with the program's code", async ({ page }) => {
  await openScenario(page, "message-dispatch-1-votes-not-counted-mended");
  await lesson(page).waitFor();
  await page.getByRole("listbox", { name: /^The code of S\d$/ }).waitFor();
  assert.match(await title(page).innerText(), /^Programs: message-dispatch/);
});

journey("in the set-up each server gets a program, and the run that starts has them", async ({ page }) => {
  await button(page, "Set-up").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Servers" }).fill("3");
  await dialog.getByRole("button", { name: "Choose programs" }).click();
  await dialog.getByLabel("All servers").selectOption("async-tasks");
  await dialog.getByLabel("S3").selectOption("raft");
  assert.equal(await dialog.getByLabel("All servers").inputValue(), "different ones");
  await dialog.getByRole("button", { name: "Start a new run" }).click();
  assert.equal(await title(page).innerText(), "Programs: async-tasks, raft");
  // A smaller cluster keeps what its servers run.
  await button(page, "Set-up").click();
  await dialog.getByRole("textbox", { name: "Servers" }).fill("2");
  await dialog.getByRole("button", { name: "Start a new run" }).click();
  assert.equal(await title(page).innerText(), "Programs: async-tasks");
});

journey("a command that names a program loads the interpreter while it is typed", async ({ page }) => {
  await press(page, "Home");
  await runLines(page, "crash S2");
  await press(page, "/");
  await page.locator("#command-line").fill("run S1 message-dispatch");
  await until(page, (name) => performance.getEntriesByType("resource").some((it) => it.name.includes(`${name}_bg.wasm`)), MODULE);
  // It may take a moment until it is there.
  await until(page, () => {
    const line = document.querySelector("#command-line");
    line.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    return line.value === "";
  });
  // What runs now is said, and not what ran at the start.
  assert.equal(await title(page).innerText(), "Programs: message-dispatch, raft");
  await press(page, "Escape", "Home");
  await until(page, () => document.querySelector("#head .rules").textContent === "Standard Raft");
  await press(page, "End");
  assert.match(await caption(page).innerText(), /S1 (runs `message-dispatch` from now on|starts)/);
});

journey("an interpreter that cannot be loaded is reported, the run of the last visit stays, and both come when asked again", { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  await start(page, page.url() + link);
  await becomes(page, "S1", "leader", 1);
  serve((name, { built }) => {
    assert.ok(!name.startsWith(MODULE));
    return built(name);
  });
  await page.reload();
  await page.getByText("The interpreter of programs could not be loaded.").waitFor();
  // Nothing was done to the new run, so that it does not take the other's place.
  await row(page, "S5").waitFor();
  await drop(page, "programs.hust", script);
  await page.getByText("The interpreter of programs could not be loaded.").waitFor();
  serve((name, { built }) => built(name));
  await page.reload();
  await becomes(page, "S1", "leader", 1);
});

journey("without a network programs run that were once loaded", async ({ page, serve }) => {
  await until(page, () => Boolean(navigator.serviceWorker.controller));
  await drop(page, "programs.hust", script);
  await until(page, () => document.querySelector("#head .rules").textContent === "Programs: message-dispatch");
  await press(page, "End");
  await becomes(page, "S1", "leader", 1);
  await until(page, async (name) => {
    const cache = await caches.open((await navigator.serviceWorker.ready).scope);
    const kept = (await cache.keys()).map(({ url }) => url);
    return [`${name}.js?`, `${name}_bg.wasm?`].every((part) => kept.some((url) => url.includes(part)));
  }, MODULE);
  serve((name, { socket }) => void socket.destroy());
  await page.reload();
  await becomes(page, "S1", "leader", 1);
});

journey("a program that never ends, calls itself for ever or grows without end crashes its server, and the page goes on", async ({ page }) => {
  for (const [body, why] of [
    ["loop { me.term += 0; }", /too many operations|operations/i],
    ["again(me);", /deep|stack|calls/i],
    ["let text = \"x\"; loop { text += text; }", /size|long|large|characters/i],
  ]) {
    const source = `cluster 3\nprogram bad\n| fn start(me) { arm("election"); }\n| fn timer(me, name) { ${body} }\n| fn again(me) { again(me); }\nrun S1 bad\n`;
    await drop(page, "bad.hust", source);
    await workDone(page);
    await until(page, () => document.querySelector("#head .rules").textContent.includes("bad"));
    await runLines(page, "timeout S1");
    await becomes(page, "S1", "down");
    const told = await caption(page).innerText();
    assert.match(told, /line \d+/);
    assert.match(told, why);
    await runLines(page, "timeout S2", "deliver all");
    await becomes(page, "S2", "leader", 1);
  }
});
