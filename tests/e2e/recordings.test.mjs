// A run of servers that are processes, recorded in a terminal and opened in the page.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { journey } from "./harness.mjs";
import { atStart, axis, button, caption, drop, dropAll, onStage, press, row, runLines, until, workDone } from "./page.mjs";

const root = new URL("../../", import.meta.url);

/** Three servers in Python: S1 is elected and crashes. */
const recorded = await readFile(new URL("tests/session/recording.ndjson", root), "utf8");

/** The same, recorded now, where there is the command line and Python. */
async function record() {
  const { script } = JSON.parse(recorded.split("\n")[0]);
  const file = join(tmpdir(), `hustings-${process.pid}.ndjson`);
  const { status, stderr } = spawnSync(
    process.env.HUSTINGS,
    ["run", "--server", "python3 server.py", "--record", file, "-"],
    { cwd: new URL("examples/python/", root), input: script, encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return readFile(file, "utf8");
}

const canRecord = process.env.HUSTINGS && spawnSync("python3", ["--version"]).status === 0;

/** What the page says. */
const said = (page, words) => page.locator(".notice, .aside").filter({ hasText: words }).first().waitFor();

async function open(page, text = recorded) {
  await drop(page, "run.ndjson", text);
  await said(page, "A recording");
  await workDone(page);
}

journey("a recording is dropped, and shown with its reasons, step by step", async ({ page }) => {
  await open(page, canRecord ? await record() : recorded);
  await atStart(page);
  await press(page, "ArrowRight", "ArrowRight");
  await row(page, "S1").getByText("candidate").waitFor({ state: "attached" });
  await press(page, "End");
  await row(page, "S1").getByText("down").waitFor({ state: "attached" });
  const events = page.getByLabel("Events", { exact: true });
  await events.getByText("Leader S1 crashes").or(events.getByText("S1 crashes")).first().click();
  await page.getByText("S1 crashes").first().waitFor();
});

journey("nothing happens in a recording that is not in it, and a sentence says so", async ({ page }) => {
  await open(page);
  await press(page, "End");
  const before = await axis(page);
  await runLines(page, "crash S2");
  await said(page, "This is a recording: its servers are not here");
  await press(page, " ");
  await said(page, "The recording ends here");
  await press(page, "ArrowRight");
  await said(page, "The recording ends here");
  assert.deepEqual(await axis(page), before);
  await onStage(page, "S2").click();
  await press(page, "c");
  await said(page, "This is a recording: its servers are not here");
});

journey("what would be refused in a recording is not offered, and its buttons say why", async ({ page }) => {
  await open(page);
  await press(page, "End");
  await onStage(page, "S2").click();
  const why = /^This is a recording: its servers are not here/;
  const menu = page.getByRole("group", { name: "Actions" });
  for (const name of ["Time out S2", "Crash S2", "Pause S2", "Isolate S2"]) {
    const offer = menu.getByRole("button", { name });
    assert.equal(await offer.getAttribute("aria-disabled"), "true", name);
    assert.match(await offer.getAttribute("title"), why);
  }
  for (const name of ["Client request", "Partition", "Heal"]) {
    const control = page.getByRole("button", { name }).first();
    assert(await control.isDisabled(), name);
    assert.match(await control.getAttribute("title"), why);
  }
  await menu.getByRole("button", { name: "Crash S2" }).click({ force: true });
  assert.equal(await page.getByRole("alert").count(), 0);
});

journey("a recording is dropped on logs and logs on a recording, and both stay", async ({ page }) => {
  const names = ["m1.log", "m2.log", "m3.log"];
  const folder = new URL("samples/logs/etcd-3.4-zap/", root);
  const logs = await Promise.all(names.map(async (name) => ({ name, bytes: await readFile(new URL(name, folder)) })));
  const verdict = page.getByRole("region", { name: "Verdict" });
  await dropAll(page, logs);
  await verdict.waitFor();
  await open(page);
  assert.equal(await verdict.count(), 0);
  await button(page, "Back to the logs").click();
  await verdict.waitFor();
  await dropAll(page, logs.slice(0, 2));
  await page.getByText("Logs: m1.log, m2.log").waitFor();
  await press(page, "Escape", "End");
  await row(page, "S1").getByText("down").waitFor({ state: "attached" });
  await runLines(page, "crash S2");
  await said(page, "This is a recording: its servers are not here");
});

journey("its commands are tried on the core beside it", async ({ page }) => {
  await open(page);
  await press(page, "End");
  await onStage(page, "S2").click();
  await button(page, "Compare with Raft").click();
  await page.getByRole("main", { name: "Two futures side by side" }).waitFor();
});

journey("no link holds a recording, and its file can be saved again", async ({ page }) => {
  await open(page);
  await button(page, "Share").click();
  const dialog = page.getByRole("dialog");
  const saved = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Save recording" }).click();
  const file = await saved;
  assert.equal(file.suggestedFilename(), "recorded.ndjson");
  assert.equal(await readFile(await file.path(), "utf8"), recorded);
  await dialog.getByRole("button", { name: /^Copy link/ }).first().click();
  await dialog.getByText("a link cannot hold a recording").waitFor();
});

journey("a reload keeps a recording", async ({ page }) => {
  await open(page);
  await press(page, "End");
  await page.reload();
  await row(page, "S1").getByText("down").waitFor({ state: "attached" });
  await runLines(page, "restart S1");
  await said(page, "This is a recording: its servers are not here");
});

journey("a recording that was cut short is refused with the line", async ({ page }) => {
  await drop(page, "run.ndjson", recorded.split("\n").slice(0, 9).join("\n"));
  await said(page, "run.ndjson: it ends at line 9 with 8 of its 28 turns");
});

journey("a recording in Chinese", { locale: "zh-CN" }, async ({ page }) => {
  await drop(page, "run.ndjson", recorded);
  await said(page, "这是录制的运行");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowRight");
  await said(page, "录制到此为止");
});
