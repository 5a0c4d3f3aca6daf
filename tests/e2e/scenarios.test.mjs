// Loading runs: the gallery, links, files, the last visit.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { journey, start } from "./harness.mjs";
import { atStart, becomes, button, caption, fromMenu, onlyLeader, openScenario, press, runLines, table, until } from "./page.mjs";

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

const lesson = (page) => page.getByRole("group", { name: "Lesson" });

/** The number of records of the run, from the branches dialog. */
async function records(page) {
  await page.getByRole("button", { name: /^Branches / }).click();
  const rows = page.getByRole("dialog").getByRole("table").first();
  const [, count] = (await rows.innerText()).match(/(\d+) records/);
  await press(page, "Escape");
  return count;
}

/** The script of the run that is shown. */
async function script(page) {
  await button(page, "Share").click();
  const text = await page.getByRole("textbox", { name: "The run as a script" }).inputValue();
  await press(page, "Escape");
  return text;
}

journey("Escape closes the gallery, whose search has the focus, and keeps what is selected", { everywhere: true }, async ({ page }) => {
  await press(page, "2", "g");
  await page.getByRole("dialog").waitFor();
  await press(page, "Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("heading", { name: /^S2 / }).waitFor();
});

journey("a scenario is found, plays as a tour, is changed, and its link opens the same run elsewhere", clipboard, async ({ page, context }) => {
  await openScenario(page, "split-vote first-steps");
  // Its first part has played.
  await button(page, "Play").waitFor();
  const first = await lesson(page).innerText();
  assert.match(first, /1\/\d/);
  await button(page, "Next caption (PageDown)").click();
  assert.match(await lesson(page).innerText(), /2\/\d/);
  await press(page, "PageUp");
  assert.equal(await lesson(page).innerText(), first);
  await press(page, "End", "1", "c");
  await becomes(page, "S1", "down");
  const shown = await table(page);
  const count = await records(page);

  await press(page, "l");
  await page.getByRole("status").getByText("The link is on the clipboard.").waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(link, /#[\w%+;.,:=-]+;crash\+S1;end$/);
  const visitor = await context.browser().newContext();
  const other = await visitor.newPage();
  await start(other, link);
  assert.equal(await table(other), shown);
  assert.equal(await records(other), count);
  assert.equal(await script(other), await script(page));
  assert.doesNotMatch(other.url(), /#/);
  await visitor.close();
});

journey("a tour continues past its last caption to the end", async ({ page }) => {
  await openScenario(page, "many-votes-per-term broken");
  const on = button(page, "Next caption (PageDown)");
  while (!(await caption(page).innerText()).includes("S2 has voted, and votes again.")) {
    await press(page, "PageDown");
  }
  await becomes(page, "S3", "follower");
  await press(page, "PageDown");
  await becomes(page, "S3", "leader", 1);
  assert(await on.isDisabled());
  await press(page, "PageUp");
  await becomes(page, "S3", "follower");
  assert(await on.isEnabled());
});

journey("a search without matches says so", async ({ page }) => {
  await press(page, "g");
  const dialog = page.getByRole("dialog", { name: "Scenarios" });
  await dialog.getByRole("listitem").nth(50).waitFor();
  await dialog.getByRole("searchbox").fill("quagga");
  await dialog.getByText("No scenario has “quagga”.").waitFor();
});

journey("a run is saved to a file, opened from it, and dropped on the page", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S2", "run 80ms", "crash S4");
  await becomes(page, "S2", "leader", 1);
  const shown = await table(page);
  await button(page, "Share").click();
  const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Save script").click()]);
  assert.match(download.suggestedFilename(), /\.hust$/);
  const text = await readFile(await download.path(), "utf8");
  assert.match(text, /^crash S4$/m);
  await press(page, "Escape");

  await fromMenu(page, "Start over");
  await button(page, "Share").click();
  // What a browser sends when the file chooser is cancelled.
  await page.getByLabel("Open a script").dispatchEvent("cancel", { bubbles: true });
  await page.getByLabel("Open a script").setInputFiles({ name: "run.hust", mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.getByRole("dialog").waitFor({ state: "detached" });
  // The file is read asynchronously; its run is paused.
  await button(page, "Play").waitFor();
  await press(page, "End");
  assert.equal(await table(page), shown);

  await fromMenu(page, "Start over");
  await atStart(page);
  await drop(page, text);
  await page.getByRole("row", { name: /^S4 / }).waitFor();
  await button(page, "To the end of this branch (End)").click();
  await becomes(page, "S4", "down");
  assert.equal(await table(page), shown);
});

journey("a file of a run of 300 s is played in many turns, and then opened whole, where a line failed", async ({ page }) => {
  await atStart(page);
  await page.evaluate(() => {
    globalThis.turns = 0;
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (turn, ...rest) => setTimeout(() => ((globalThis.turns += 1), turn()), ...rest);
  });
  await drop(page, 'cluster 5\ntimeout S1\nrun 300s\nexpect S2 leader\ncrash S1\n');
  await page.getByRole("alert").getByText(/^Line 4 fails: .*S2/).waitFor();
  assert((await page.evaluate(() => globalThis.turns)) > 10);
  assert.match(await page.getByLabel("Simulated time").innerText(), /^5:00\.000/);
  await button(page, "‹ Events").click();
  await button(page, "To the end of this branch (End)").click();
  await becomes(page, "S1", "down");
  assert.match(await page.getByLabel("Simulated time").innerText(), /^5:00\.000/);
});

/** Drops a file on the page. */
async function drop(page, text) {
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "run.hust", { type: "text/plain" }));
    return data;
  }, text);
  await page.locator("main").dispatchEvent("drop", { dataTransfer: data });
}

journey("the run of the last visit is restored after a reload", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S3", "run 80ms", "crash S5");
  await becomes(page, "S3", "leader", 1);
  const shown = await table(page);
  await page.reload();
  await becomes(page, "S3", "leader", 1);
  assert.equal(await table(page), shown);
  await button(page, "Play").waitFor();
});

journey("a damaged link and a damaged file show an error", async ({ page }) => {
  await onlyLeader(page);
  await page.evaluate(() => void (location.hash = "#AQVoZWxsbw"));
  await page.getByRole("alert").getByText("The link cannot be opened: the link is damaged").waitFor();
  await drop(page, "cluster 3\ncrush S1\n");
  await page.getByRole("alert").getByText(/^Not done: run\.hust: line 2, column 1: `crush` cannot stand here; did you mean `crash`\?/).waitFor();
  await drop(page, "x".repeat(10_000_000));
  await page.getByRole("alert").getByText("Not done: run.hust: the file is too large for a script").waitFor();
});

journey("the page starts with a damaged link and shows an error", { path: "#AQVoZWxsbw" }, async ({ page }) => {
  await page.getByRole("alert").getByText("The link cannot be opened: the link is damaged").waitFor();
});

journey("Enter in the gallery's search opens the first scenario that is found", async ({ page }) => {
  await press(page, "g");
  const search = page.getByRole("searchbox", { name: "Search scenarios" });
  await search.fill("split-vote first-steps");
  await page.getByRole("dialog").getByRole("listitem").nth(1).waitFor({ state: "detached" });
  await search.press("Enter");
  await page.getByRole("banner").getByText("A split vote").waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

/** The addresses of the files of scenarios that the page has asked for. */
const requests = (page) =>
  page.evaluate(() => performance.getEntriesByType("resource").map((it) => it.name).filter((it) => it.includes("/scenarios.txt")));

journey("the scenarios are loaded when the gallery is opened, and once", async ({ page }) => {
  assert.deepEqual(await requests(page), []);
  for (let times = 0; times < 2; times += 1) {
    await openScenario(page, "split-vote first-steps");
    await lesson(page).waitFor();
  }
  assert.equal((await requests(page)).length, 1);
});

journey("the gallery says that the scenarios are loading, and what was searched meanwhile is found", { serviceWorkers: "block" }, async ({ page, serve }) => {
  let arrive;
  const arrival = new Promise((resolve) => (arrive = resolve));
  serve(async (name, { built }) => {
    await (name === "scenarios.txt" && arrival);
    return built(name);
  });
  await press(page, "g");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("status").getByText("The scenarios are loading…").waitFor();
  await dialog.getByRole("searchbox").fill("split-vote first-steps");
  arrive();
  await dialog.getByRole("listitem").first().waitFor();
  assert.equal(await dialog.getByRole("listitem").count(), 1);
  assert.equal(await dialog.getByRole("status").count(), 0);
});

journey("a gallery without its scenarios says so, and loads them when asked to try again", { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  const dialog = page.getByRole("dialog");
  const failure = dialog.getByRole("alert").getByText("The scenarios could not be loaded.");
  await press(page, "g");
  await dialog.getByRole("listitem").first().waitFor();
  serve((name, { built }) => (name === "scenarios.txt" ? "of another version\n" : built(name)));
  await start(page, page.url());
  await press(page, "g");
  await failure.waitFor();
  assert.equal(await dialog.getByText(/No scenario has/).count(), 0);
  serve((name, { built }) => {
    assert.notEqual(name, "scenarios.txt");
    return built(name);
  });
  await button(page, "Try again").click();
  await failure.waitFor();
  serve((name, { built }) => built(name));
  await button(page, "Try again").click();
  await dialog.getByRole("listitem").first().waitFor();
  assert.equal(await failure.count(), 0);
});

journey("a lesson of a broken rule that cannot be loaded is reported where it was asked for, and can be asked for again", { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  serve((name, { built }) => {
    assert.notEqual(name, "scenarios.txt");
    return built(name);
  });
  await button(page, "Set-up").click();
  const show = page.getByRole("dialog").getByRole("button", { name: /^Show me/ }).first();
  await show.click();
  await page.getByRole("dialog").getByRole("status").getByText("The scenarios could not be loaded.").waitFor();
  serve((name, { built }) => built(name));
  await show.click();
  await lesson(page).waitFor();
});

journey("without a network the gallery has the scenarios that were once loaded", async ({ page, serve }) => {
  // From now on what the page asks for is kept.
  await until(page, () => Boolean(navigator.serviceWorker.controller));
  await openScenario(page, "split-vote first-steps");
  await until(page, async () => {
    const cache = await caches.open((await navigator.serviceWorker.ready).scope);
    return (await cache.keys()).some(({ url }) => url.includes("/scenarios.txt"));
  });
  serve((name, { socket }) => void socket.destroy());
  await page.reload();
  await openScenario(page, "figure-8-overwritten");
  await lesson(page).waitFor();
});
