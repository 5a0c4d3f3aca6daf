// axe-core finds no violations in any main state of the page, in any theme.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { journey } from "./harness.mjs";
import { atStart, button, caption, drop, entry, menuPlaced, message, onlyLeader, openScenario, press, runLines } from "./page.mjs";
import { root } from "./site.mjs";

/** WCAG 2.2 A and AA, and axe's best practices. */
const rules = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  // Off by default although it is part of WCAG 2.2 AA.
  rules: { "target-size": { enabled: true } },
  resultTypes: ["violations"],
};

/**
 * An accessible name must contain the visible label. Labels of servers, entries, lines of code and
 * messages are parts of a drawing, and their names are sentences.
 */
const axeSettings = `axe.configure({
  rules: [{ id: "label-content-name-mismatch", selector: ":not(#stage *, #stage-beside *, .entry, .code .line)" }],
})`;

const themes = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  projector: { colorScheme: "light", projector: true },
  "dark projector": { colorScheme: "dark", projector: true },
};

async function applyTheme(page, { colorScheme, projector = false }) {
  await page.emulateMedia({ colorScheme });
  // As the button does, which an open dialog covers.
  await page.evaluate((on) => document.documentElement.toggleAttribute("data-projector", on), projector);
}

/** The violations that axe reports, one string each. */
async function violations(page) {
  const { violations } = await page.evaluate((rules) => globalThis.axe.run(document, rules), rules);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

const phone = { viewport: { width: 390, height: 844 } };

const dialogOpens = (name) => (page) => page.getByRole("dialog", { name }).waitFor();

/** Shows what a program did in the latest event, with a breakpoint. */
async function readCode(page) {
  await drop(page, "votes.hust", "cluster 3\nrun all message-dispatch\ntimeout S1\ndeliver S1->S2\n");
  await page.locator("header .code-button").waitFor({ state: "attached" });
  await press(page, "End", "d", "ArrowDown", "Enter");
  await page.locator(".code .ran").first().waitFor();
}

/** Reads a log of one of three members, so that of the others only a part is known. */
async function readLogs(page) {
  const log = await readFile(join(root, "samples/logs/etcd-3.4-zap/m3.log"), "utf8");
  await drop(page, "m3.log", log);
  await page.getByRole("region", { name: "Verdict" }).waitFor();
  await page.locator("#raw-line li.here").waitFor();
}

/** Name, browser options, and how to reach each state. */
const states = [
  ["at the start", {}, atStart],
  ["with logs of real servers", {}, readLogs],
  ["with logs of real servers on a phone", phone, readLogs],
  ["where logs are opened", {}, async (page) => { await press(page, "o"); await dialogOpens("Open log files…")(page); }],
  ["while time passes", {}, onlyLeader],
  ["with a record in the inspector", {}, async (page) => {
    await onlyLeader(page);
    await page.getByLabel("Events", { exact: true }).getByRole("listitem").getByRole("button").first().press("Enter");
    await caption(page).getByRole("button", { name: "Why?" }).press("Enter");
    await page.getByLabel("Inspector").waitFor();
  }],
  ["with errors in a script", {}, async (page) => {
    await press(page, "e");
    await page.getByRole("textbox", { name: "Script", exact: true }).fill('title "x"\n# a comment\ncrush S1\nexpect S1 term=1\n');
    await page.getByText("Errors: 1").waitFor();
  }],
  ["with a script that failed, on a phone", phone, async (page) => {
    await press(page, "e");
    await page.getByRole("textbox", { name: "Script", exact: true }).fill("cluster 3\ntimeout S1\nexpect S1 leader\n");
    await press(page, "Control+Enter");
    await page.getByText("Lines that failed: 1").waitFor();
  }],
  ["with a server in the inspector", {}, async (page) => {
    await atStart(page);
    await runLines(page, "timeout S1", "run 60ms");
    await press(page, "1");
    await page.getByText("More", { exact: true }).press("Enter");
  }],
  ["with a link in the inspector", {}, async (page) => {
    await atStart(page);
    await page.getByRole("button", { name: /^Link S1 to S2,/ }).press("Enter");
    await runLines(page, "cut S1->S2", "cut S3-S4");
  }],
  ["with messages that will be lost, held and forged, and one in the inspector", {}, async (page) => {
    await atStart(page);
    await runLines(page, "crash S3", "timeout S1", "hold S1->S4", "send AppendEntries S2->S5 term=2 prev=0:0 entries=none commit=0");
    await message(page, "RequestVote", "S1", "S2").press("Enter");
  }],
  ["with an entry in the inspector, and long logs", {}, async (page) => {
    await atStart(page);
    await runLines(page, "timeout S1", "run 60ms", ...Array.from({ length: 9 }, (_, n) => `propose S1 "x=${n}"`), "run 60ms", "propose S1 \"y\"");
    await entry(page, "S1", 10).press("Enter");
  }],
  ["with an error message", {}, async (page) => {
    await atStart(page);
    await press(page, "1", "c", "t");
    await page.getByRole("alert").waitFor();
  }],
  ["with an error on the command line", {}, async (page) => {
    await atStart(page);
    await press(page, "/");
    await page.keyboard.type("crush S1\n");
    await page.getByRole("alert").waitFor();
  }],
  ["in a tour", {}, (page) => openScenario(page, "figure-8 not yet committed")],
  ["with a rule broken and an invariant violated", {}, async (page) => {
    await openScenario(page, "many-votes-per-term broken");
    await press(page, "End");
    await page.getByLabel("Events").locator(".violated").getByRole("button").first().press("Enter");
    await caption(page).getByRole("button", { name: "Why?" }).press("Enter");
    await page.getByLabel("Inspector").getByRole("alert").waitFor();
  }],
  ["with the scenarios open", {}, async (page) => {
    await press(page, "g");
    await dialogOpens("Scenarios")(page);
  }],
  ["with the settings open", {}, async (page) => {
    await page.getByRole("button", { name: "Set-up", exact: true }).press("Enter");
    await dialogOpens("Set-up")(page);
    await page.getByLabel("Seed").fill("x");
    await page.getByLabel("Seed").press("Tab");
    await page.getByRole("alert").waitFor();
  }],
  ["with two futures side by side", {}, async (page) => {
    await atStart(page);
    await runLines(page, "timeout S3", "run 60ms", "isolate S1", "run 1s");
    await page.getByRole("button", { name: "More", exact: true }).press("Enter");
    await page.getByRole("button", { name: "pre-vote on", exact: true }).press("Enter");
    await page.getByRole("main", { name: "Two futures side by side" }).waitFor();
  }],
  ["with a program beside Raft, where they part", {}, async (page) => {
    await drop(page, "votes.hust", "cluster 3\nrun all message-dispatch\ntimeout S1\ndeliver all\n");
    await page.getByText("Programs: message-dispatch").waitFor();
    await press(page, "1");
    await page.getByText(/^Known flaws: /).click();
    await page.getByRole("checkbox", { name: "candidate-stays", exact: true }).waitFor();
    await page.getByRole("button", { name: "Compare with Raft", exact: true }).press("Enter");
    await press(page, "w");
    await page.getByRole("status", { name: "Raft, told the same" }).waitFor();
  }],
  ["with the branches", {}, async (page) => {
    await atStart(page);
    await runLines(page, "timeout S1", "run 60ms");
    await press(page, "ArrowLeft", "ArrowLeft", "1", "c");
    await page.getByRole("button", { name: "Branches 2" }).press("Enter");
    await dialogOpens("Branches")(page);
  }],
  ["with a server's code", {}, readCode],
  ["with a server's code being changed", {}, async (page) => {
    await readCode(page);
    await button(page, "Edit").press("Enter");
    await page.getByRole("textbox", { name: "The program" }).waitFor();
  }],
  ["on a phone with a server's code", phone, readCode],
  ["with breakpoints", {}, async (page) => {
    await press(page, "b");
    await dialogOpens("Breakpoints")(page);
    await page.getByRole("button", { name: "two leaders" }).press("Enter");
    await page.getByRole("button", { name: "a commit" }).press("Enter");
  }],
  ["with a search for a run that is over", {}, async (page) => {
    await drop(page, "start.hust", "cluster 3\nbreak forget-vote-on-restart\n");
    await page.getByText("Modified: forget-vote-on-restart").waitFor();
    await press(page, "x");
    await page.getByText("Bounds", { exact: true }).click();
    await page.getByRole("button", { name: "Search", exact: true }).press("Enter");
    await page.getByText(/^Found a violation/).waitFor();
  }],
  ["on a phone with a search for a run", phone, async (page) => {
    await atStart(page);
    await press(page, "x");
    await page.getByRole("button", { name: /^timeout S1 / }).waitFor();
  }],
  ["with a sample of many runs", {}, async (page) => {
    await drop(page, "start.hust", "cluster 3\n");
    await press(page, "m");
    await page.getByRole("combobox", { name: "Runs" }).selectOption("100");
    await page.getByRole("checkbox", { name: "pre-vote on", exact: true }).check();
    await page.getByRole("button", { name: "Sample", exact: true }).press("Enter");
    await page.getByText(/ s: 200 of 200 runs$/).waitFor();
  }],
  ["with the share dialog", {}, async (page) => {
    await page.getByRole("button", { name: "Share", exact: true }).press("Enter");
    await dialogOpens("Share")(page);
  }],
  ["with the keyboard help", {}, async (page) => {
    await press(page, "?");
    await dialogOpens("Help and keys")(page);
  }],
  ["embedded", { path: "?embed" }, async (page) => {
    await atStart(page);
    await press(page, "1", "t");
  }],
  ["on a phone", phone, (page) => page.getByRole("button", { name: /^S\d, leader/ }).waitFor()],
  ["on a phone with the logs", phone, async (page) => {
    await page.getByRole("radio", { name: "Log", exact: true }).check();
    await onlyLeader(page);
  }],
  ["on a phone with the events", phone, async (page) => {
    await page.getByRole("radio", { name: "Events", exact: true }).check();
    await page.getByLabel("Events", { exact: true }).getByText(/leads term/).first().waitFor();
  }],
  ["on a phone with a server chosen", phone, async (page) => {
    await atStart(page);
    await press(page, "1", "t");
    await page.getByRole("heading", { name: /^S1 .*candidate/ }).waitFor();
  }],
  ["on a phone with the settings open", phone, async (page) => {
    await page.getByRole("button", { name: "Set-up", exact: true }).press("Enter");
    await dialogOpens("Set-up")(page);
  }],
  ["in Chinese", { locale: "zh-CN" }, async (page) => {
    await atStart(page);
    await press(page, "1", "t");
    await page.getByRole("heading", { name: /^S1 / }).waitFor();
  }],
  ["in Chinese with the keyboard help", { locale: "zh-CN" }, async (page) => {
    await press(page, "?");
    await page.getByRole("dialog").waitFor();
  }],
];

for (const [state, options, reach] of states) {
  journey(`axe finds no violations ${state}`, options, async ({ page }) => {
    await reach(page);
    await menuPlaced(page);
    await page.evaluate(axe.source);
    await page.evaluate(axeSettings);
    for (const [name, theme] of Object.entries(themes)) {
      await applyTheme(page, theme);
      assert.deepEqual(await violations(page), [], name);
    }
  });
}
