// The logs of real servers: dropped on the page, read by a worker, shown in place of the run.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { journey } from "./harness.mjs";
import { atStart, button, dropAll, onStage, press, row, runLines, until } from "./page.mjs";
import { root } from "./site.mjs";

const folder = join(root, "samples/logs/etcd-3.4-zap");
const names = ["m1.log", "m2.log", "m3.log"];

/** The sample's files, by name. */
const sample = async () =>
  Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));

const verdict = (page) => page.getByRole("region", { name: "Verdict" });
const account = (page) => page.getByRole("region", { name: "Account" });
const events = (page) => page.getByRole("region", { name: "Events" });
const line = (page) => page.getByRole("region", { name: "The line" });
const members = (page) => page.getByRole("list", { name: "The members at this event" });

/** The event that the story is at. */
const here = (page) => events(page).locator("[aria-current]");

async function openSample(page) {
  await atStart(page);
  await dropAll(page, await sample());
  await verdict(page).getByText(/leader/).first().waitFor();
}

/** Where the drawing begins and ends in time: its first and its last label. */
const labels = (page) => page.locator("#story .axis text").allInnerTexts();

journey("three logs that are dropped at once are one story, with a verdict, a picture and each line", async ({ page }) => {
  await openSample(page);
  await page.getByRole("img", { name: /^The members over time/ }).waitFor();
  await account(page).getByRole("heading", { name: "Leaders" }).waitFor();
  await account(page).getByText(/^Term 3: m3 led/).click();
  await here(page).getByText("m3 leads in term 3.").waitFor();
  await line(page).getByText(/became leader at term 3/).first().waitFor();
  await line(page).getByRole("heading", { name: /^m3\.log:\d+$/ }).waitFor();
  await members(page).getByText("leader in term 3").waitFor();
  assert.equal(await members(page).getByRole("listitem").count(), 3);
});

journey("steps go from event to event, and the list, the line and the members follow", async ({ page }) => {
  await openSample(page);
  await press(page, "Home");
  const first = await here(page).innerText();
  await press(page, "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft");
  assert.equal(await here(page).innerText(), first);
  await press(page, "End");
  const last = await line(page).getByRole("heading").innerText();
  await press(page, "ArrowLeft");
  await until(page, (last) => document.querySelector("#raw-line h2").innerText !== last, last);
});

journey("a line beside that of the event leads to its own, which is told in full above it", async ({ page }) => {
  await openSample(page);
  await account(page).getByText(/^Term 3: m3 led/).click();
  await line(page).getByText("m3 leads in term 3.").waitFor();
  const other = line(page).getByRole("button").first();
  const says = await other.innerText();
  await other.click();
  await line(page).locator("li.here").getByText(says, { exact: true }).waitFor();
  const told = await here(page).locator("span").innerText();
  await line(page).getByText(told, { exact: true }).waitFor();
});

journey("the buttons zoom about the event that is shown", async ({ page }) => {
  await openSample(page);
  await account(page).getByText(/^Term 3: m3 led/).click();
  await here(page).getByText("m3 leads in term 3.").waitFor();
  const ring = page.locator("#story .now circle");
  const place = async () => Number(await ring.getAttribute("cx"));
  const before = await place();
  const zoom = page.getByRole("group", { name: "Zoom" });
  const first = await labels(page);
  for (let times = 0; times < 6; times += 1) {
    await zoom.getByRole("button", { name: "Zoom in" }).click();
  }
  await until(page, (first) => [...document.querySelectorAll("#story .axis text")].map((it) => it.textContent).join() !== first, first.join());
  assert(Math.abs((await place()) - before) < 1);
});

journey("a sentence of the account moves the picture to its time", async ({ page }) => {
  await openSample(page);
  const zoom = page.getByRole("group", { name: "Zoom" });
  for (let times = 0; times < 8; times += 1) {
    await zoom.getByRole("button", { name: "Zoom in" }).click();
  }
  const before = await labels(page);
  await account(page).getByRole("button", { name: /^For up to 10\.0 s/ }).click();
  await until(page, (before) => {
    const labels = [...document.querySelectorAll("#story .axis text")].map((it) => it.textContent);
    return labels.join() !== before;
  }, before.join());
  await zoom.getByRole("button", { name: "Show all of it" }).click();
});

journey("the events are filtered by member, topic and words, and Enter goes through them", async ({ page }) => {
  await openSample(page);
  const count = events(page).getByRole("status");
  const all = Number((await count.innerText()).match(/^\d+/));
  await events(page).getByRole("combobox", { name: "Member" }).selectOption("m2");
  await events(page).getByRole("combobox", { name: "Kind of event" }).selectOption("votes");
  await count.getByText(/ of /).waitFor();
  assert(Number((await count.innerText()).match(/^\d+/)) < all);
  await events(page).getByRole("combobox", { name: "Kind of event" }).selectOption({ index: 0 });
  await events(page).getByRole("combobox", { name: "Member" }).selectOption({ index: 0 });
  await press(page, "/");
  await page.keyboard.type("m3 leads");
  await press(page, "Enter");
  await here(page).getByText(/^m3 leads in term/).waitFor();
  await press(page, "Enter");
  await here(page).getByText(/^m3 leads in term/).waitFor();
});

journey("what was read is saved as files, and a link cannot hold it", async ({ page }) => {
  await openSample(page);
  await press(page, "l");
  const dialog = page.getByRole("dialog", { name: "Export" });
  await dialog.getByText(/^A link cannot hold logs/).waitFor();
  const save = async (name) => {
    const [download] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name, exact: true }).click()]);
    return readFile(await download.path(), "utf8");
  };
  const rows = (await save("Events as CSV")).trim().split("\n");
  assert.match(rows[0], /member/);
  assert(rows.some((row) => row.includes("m3 leads in term 3.")));
  const [first, ...rest] = (await save("All as JSON")).trim().split("\n").map((line) => JSON.parse(line));
  assert(first && rest.length > 100);
  assert.match(await save("Picture as SVG"), /^<svg[^]*m3[^]*<\/svg>\s*$/);
});

journey("a moment is played on in the laboratory, with what is assumed, and the logs stay behind it", async ({ page }) => {
  await openSample(page);
  await account(page).getByText(/^Term 3: m3 led/).click();
  await here(page).getByText("m3 leads in term 3.").waitFor();
  await button(page, "Play from here").click();
  await onStage(page, "S3").waitFor();
  await row(page, "S3").getByText("leader").waitFor();
  const behind = page.getByRole("group", { name: "Logs" });
  await behind.getByText(/^Opened from the logs/).click();
  await behind.getByRole("listitem").first().waitFor();
  await button(page, "Back to the logs").click();
  await here(page).getByText("m3 leads in term 3.").waitFor();
});

journey("a lesson that shows the same opens from the account, and the logs are there again after it", async ({ page }) => {
  await openSample(page);
  await page.getByRole("button", { name: "Lesson", exact: true }).last().click();
  await page.locator(".tour").waitFor();
  await button(page, "Back to the logs").click();
  await verdict(page).waitFor();
});

journey("the run is as it was when the logs are closed", async ({ page }) => {
  await atStart(page);
  await runLines(page, "timeout S1");
  await row(page, "S1").getByText("candidate").waitFor();
  await dropAll(page, await sample());
  await verdict(page).waitFor();
  await press(page, "Escape");
  await row(page, "S1").getByText("candidate").waitFor();
  await button(page, "Back to the logs").click();
  await button(page, "Close the logs").click();
  await row(page, "S1").getByText("candidate").waitFor();
  assert.equal(await button(page, "Back to the logs").count(), 0);
});

journey("a file that is no log says so, and the others are read", async ({ page }) => {
  await atStart(page);
  const [first, ...others] = await sample();
  const dump = { name: "core.dump", bytes: Buffer.from("\u007fELF\0\0\0") };
  const packed = { name: "m1.log.gz", bytes: gzipSync(first.bytes) };
  await dropAll(page, [dump, packed, ...others]);
  await account(page).getByText(/^core\.dump is no text/).waitFor();
  await page.getByText("Logs: m1.log.gz, m2.log, m3.log").waitFor();
  await button(page, "Close the logs").click();
  await dropAll(page, [dump, { name: "notes.txt", bytes: Buffer.from("buy milk\n") }]);
  const alert = page.getByRole("alert");
  await alert.getByText(/^core\.dump is no text/).waitFor();
  await alert.getByText(/^notes\.txt: 1 lines?, and none told anything of elections\. Looked for were/).waitFor();
  await button(page, "Close the logs").first().click();
  await onStage(page, "S1").waitFor();
});

journey("what opens alone is refused among other files, and logs that others replace are told of", async ({ page }) => {
  await atStart(page);
  const logs = await sample();
  const script = { name: "votes.hust", bytes: Buffer.from("cluster 3\ntimeout S1\n") };
  await dropAll(page, [...logs, script]);
  await page.getByText(/votes\.hust is a script or a recording, which opens alone/).waitFor();
  assert.equal(await verdict(page).count(), 0);
  await dropAll(page, logs);
  await verdict(page).waitFor();
  await dropAll(page, logs.slice(0, 2));
  await page.getByRole("status").getByText(/^The logs that were open before are closed/).waitFor();
  await page.getByText("Logs: m1.log, m2.log").waitFor();
});

journey("help tells how the picture of logs is read, and its keys", async ({ page }) => {
  await openSample(page);
  await press(page, "?");
  const help = page.getByRole("dialog");
  await help.getByText(/^Hatched: nothing is known of the member/).waitFor();
  await help.getByText("by ten of them").waitFor();
});

journey("on a narrow screen all that stands above the logs is in view", { viewport: { width: 390, height: 844 } }, async ({ page }) => {
  await openSample(page);
  for (const name of ["To the run", "Close the logs"]) {
    const { x, width } = await button(page, name).boundingBox();
    assert(x >= 0 && x + width <= 390, name);
  }
});

journey("words are found in the lines of events, too, beside what they come to", async ({ page }) => {
  await openSample(page);
  const count = events(page).getByRole("status");
  await events(page).getByRole("searchbox", { name: "Words" }).fill("raft.go m3");
  await count.getByText(/^[1-9]\d* of \d+ events$/).waitFor();
  await press(page, "Enter");
  await line(page).locator("li.here").getByText(/raft\.go/).waitFor();
  await line(page).getByRole("heading", { name: /^m3\.log:/ }).waitFor();
});

journey("whose lines a file holds is said by hand where no line says it, and the files are read again", async ({ page }) => {
  await atStart(page);
  const lines = (own) => `2026-01-01T00:00:0${own}.000Z [INFO]  raft: entering follower state: leader=
2026-01-01T00:00:1${own}.000Z [WARN]  raft: heartbeat timeout reached, starting election: last-leader=
2026-01-01T00:00:1${own}.100Z [INFO]  raft: election won: tally=2
`;
  const files = [["server-a.log", 1], ["server-b.log", 2]];
  await dropAll(page, files.map(([name, own]) => ({ name, bytes: Buffer.from(lines(own)) })));
  await members(page).getByText("server-a", { exact: true }).waitFor();
  const field = account(page).getByRole("textbox", { name: "The member whose lines server-a.log holds" });
  await field.fill("n1");
  await field.press("Enter");
  await members(page).getByText("n1", { exact: true }).waitFor();
  assert.equal(await members(page).getByText("server-a", { exact: true }).count(), 0);
  await members(page).getByText("server-b", { exact: true }).waitFor();
  await account(page).getByText("as you say").waitFor();
  await field.fill("");
  await field.press("Enter");
  await members(page).getByText("server-a", { exact: true }).waitFor();
});

journey("logs are opened, read and left by the keyboard alone, as pasted lines", { reducedMotion: "reduce" }, async ({ page }) => {
  await press(page, "o");
  const dialog = page.getByRole("dialog", { name: "Open log files…" });
  await dialog.getByText(/^Nothing leaves this page/).waitFor();
  await dialog.getByRole("textbox", { name: "Or paste lines here" }).fill(String((await sample())[2].bytes));
  await dialog.getByRole("button", { name: "Read these lines" }).press("Enter");
  await verdict(page).waitFor();
  await page.locator("#account:focus").waitFor();
  const sentence = verdict(page).getByRole("button").first();
  await sentence.focus();
  await sentence.press("Enter");
  await here(page).waitFor();
  await press(page, "F6");
  await press(page, "End", "Escape");
  await onStage(page, "S1").waitFor();
});

journey("in Chinese the story is told in Chinese, and again when the language changes", { locale: "zh-CN" }, async ({ page }) => {
  await dropAll(page, await sample());
  await page.getByRole("region", { name: "结论" }).waitFor();
  await page.getByRole("heading", { name: "领导者" }).first().waitFor();
  await button(page, "English").click();
  await account(page).getByRole("heading", { name: "Leaders" }).waitFor();
});

journey("the reader is fetched when logs are first opened, and not before", async ({ page }) => {
  const fetched = () => page.evaluate(() => performance.getEntriesByType("resource").some((it) => it.name.includes("log-reader")));
  assert.equal(await fetched(), false);
  await openSample(page);
});
