// The page without a mouse: every control is reached with Tab and operated with the
// browser's usual keys, and the focus is always visible.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { journey as anyJourney, start } from "./harness.mjs";
import { atStart, becomes, button, caption, entry, eventually, linkIs, message, onlyLeader, onStage, press, rowsOf, table, until } from "./page.mjs";

/** With reduced motion the focus ring appears without a transition. */
const journey = (name, options, run = options) =>
  anyJourney(name, { reducedMotion: "reduce", ...options }, run);

const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

const dialog = (page, name) => page.getByRole("dialog", { name });
const inspector = (page) => page.getByLabel("Inspector");

/** More tab stops than any state of the page has. */
const TAB_STOPS_MAX = 250;

/** The focused element, and whether its focus ring is shown and it is not covered. */
const focused = () => {
  const element = document.activeElement;
  const drawn = element.closest("svg") && element.querySelector(".body, .shape, .wire");
  const style = getComputedStyle(drawn ?? element);
  const ringShown = drawn ? parseFloat(style.strokeWidth) >= 4 : style.outlineStyle === "solid";
  const { left, top, width, height } = element.getBoundingClientRect();
  const there = document.elementFromPoint(left + width / 2, top + height / 2);
  const label = element.labels?.[0];
  const uncovered = drawn || element.contains(there) || label?.contains(there);
  return {
    name: `${element.tagName} ${element.getAttribute("aria-label") ?? element.textContent.slice(0, 60)}`,
    lost: element === document.body,
    ringShown,
    uncovered: Boolean(uncovered),
  };
};

/** Checks that an element is focused, shows its focus ring, and is not covered. */
async function assertFocusVisible(page) {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
  // Where what had the focus is drawn anew, Yew lets the browser go on before the effect that
  // moves the focus.
  await page.waitForFunction(() => document.activeElement !== document.body);
  const { name, lost, ringShown, uncovered } = await page.evaluate(focused);
  if (lost) {
    return assertFocusVisible(page);
  }
  assert.deepEqual({ name, lost, ringShown, uncovered }, { name, lost: false, ringShown: true, uncovered: true });
}

/** Presses Tab, or Shift+Tab, until an element has the focus. */
async function reach(page, element, key = "Tab") {
  await element.waitFor();
  const seen = [];
  // To find it by its role takes far longer than to press a key: only when it was replaced.
  let found = await element.elementHandle();
  for (let stop = 0; stop < TAB_STOPS_MAX; stop += 1) {
    const [there, gone, tag] = await found.evaluate((it) => [
      it === document.activeElement,
      !it.isConnected,
      document.activeElement.tagName,
    ]);
    if (there || gone) {
      if (await element.evaluate((it) => it === document.activeElement)) {
        await assertFocusVisible(page);
        return;
      }
      found = await element.elementHandle();
    }
    seen.push(tag);
    await press(page, key);
  }
  assert.fail(`Tab does not reach ${element}: ${seen}`);
}

/** What is one tab stop each, in which arrows move. */
const LISTS = ["#stage .server", "#stage .link", "#stage .message", ".logs button.entry"];

/** Presses Tab until an element has the focus, or its list has, and then arrows. */
async function reachAnywhere(page, element) {
  await element.waitFor();
  const list = await element.evaluate((it, lists) => lists.find((list) => it.matches(list)), LISTS);
  if (!list) {
    return reach(page, element);
  }
  await reach(page, page.locator(`${list}[tabindex="0"]`));
  for (let step = 0; step < 60; step += 1) {
    const [there, below] = await element.evaluate((it) => {
      const row = (it) => it.closest("tr")?.rowIndex;
      return [it === document.activeElement, row(it) !== row(document.activeElement)];
    });
    if (there) {
      return;
    }
    await press(page, below ? "ArrowDown" : "ArrowRight");
    await assertFocusVisible(page);
  }
  assert.fail(`arrows do not reach ${element}`);
}

/** Reaches each element, presses it, and checks that the focus stays visible. */
async function operate(page, ...elements) {
  for (const element of elements) {
    const [target, key = "Enter"] = Array.isArray(element) ? element : [element];
    await reachAnywhere(page, target);
    await press(page, key);
    await assertFocusVisible(page);
  }
}

/** Goes to an event and asks why: the list is one tab stop, in which arrows move. */
async function operateEvent(page, event) {
  await reach(page, page.getByLabel("Events", { exact: true }).locator("li [tabindex='0']"));
  const below = await event.evaluate((it) => document.activeElement.compareDocumentPosition(it) & Node.DOCUMENT_POSITION_FOLLOWING);
  while (!(await event.evaluate((it) => it === document.activeElement))) {
    await press(page, below ? "ArrowDown" : "ArrowUp");
    await assertFocusVisible(page);
  }
  await press(page, "Enter");
  await assertFocusVisible(page);
  await operate(page, caption(page).getByRole("button", { name: "Why?" }));
}

/** Chooses something of the menu ⋯. */
const operateMore = (page, ...elements) => operate(page, button(page, "More"), ...elements);

/** Opens a scenario from the gallery. */
async function openScenario(page, search) {
  const opener = button(page, "Scenarios");
  await operate(page, opener);
  await reach(page, page.getByRole("searchbox", { name: "Search scenarios" }));
  await page.keyboard.type(search);
  await dialog(page, "Scenarios").getByRole("listitem").nth(1).waitFor({ state: "detached" });
  await operate(page, dialog(page, "Scenarios").getByRole("listitem").getByRole("button"));
  await reach(page, opener);
}

/** Presses a copy button and returns the clipboard's text. */
async function copied(page, element) {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await operate(page, element);
  await until(page, async () => (await navigator.clipboard.readText()) !== "");
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Opens a link in a new browser context and returns its table of servers. */
async function tableElsewhere(context, link) {
  const visitor = await context.browser().newContext();
  const other = await visitor.newPage();
  await start(other, link);
  const shown = await table(other);
  await visitor.close();
  return shown;
}

/** Types lines into the page's command line. */
async function typeLines(page, ...lines) {
  await press(page, "/");
  const field = page.getByRole("textbox", { name: "Command line" });
  await field.waitFor();
  for (const line of lines) {
    await page.keyboard.type(`${line}\n`);
  }
  await press(page, "Escape");
  await field.waitFor({ state: "hidden" });
}

journey("by keyboard: an election, a split vote, a leader that crashes and the next one", async ({ page }) => {
  await atStart(page);
  await press(page, "2", "t");
  await becomes(page, "S2", "candidate", 1);
  await press(page, "Home", "a");
  assert.equal(await rowsOf(page, "candidate").count(), 5);
  await press(page, "Home");
  await typeLines(page, "timeout S4", "run 60ms");
  await operate(page, onStage(page, "S4"), button(page, "Crash S4"));
  await becomes(page, "S4", "down");
  await operate(page, [button(page, "Play"), "Space"]);
  const { name } = await onlyLeader(page);
  assert.notEqual(name, "S4");
});

journey("by keyboard: a link is cut one way; the network is partitioned and healed", async ({ page }) => {
  await atStart(page);
  await operate(page, page.getByRole("button", { name: "Link S1 to S2, whole" }), button(page, "Cut S1->S2"));
  await linkIs(page, "S1 to S2, cut one way");
  await operate(page, [page.getByLabel("S1 on one side"), "Space"], [page.getByLabel("S2 on one side"), "Space"]);
  await operate(page, button(page, "Partition S1 S2 | S3 S4 S5"));
  await linkIs(page, "S2 to S3, cut");
  await operate(page, button(page, "Heal"));
  await linkIs(page, "S2 to S3, whole");
});

journey("by keyboard: two leaders whose logs diverge, and their repair", async ({ page }) => {
  await atStart(page);
  await typeLines(page, "timeout S1", "run 100ms");
  await operate(page, [page.getByLabel("S1 on one side"), "Space"], [page.getByLabel("S2 on one side"), "Space"]);
  await operate(page, button(page, "Partition S1 S2 | S3 S4 S5"));
  await typeLines(page, "timeout S3", "run 100ms");
  await becomes(page, "S1", "leader", 1);
  await becomes(page, "S3", "leader", 2);
  await operate(page, onStage(page, "S1"), button(page, "Send S1 a request"), onStage(page, "S3"), button(page, "Send S3 a request"));
  await typeLines(page, "run 200ms");
  await entry(page, "S2", 2).and(page.getByTitle("Index 2, term 1: x=1, not known to be committed")).waitFor();
  await entry(page, "S4", 3).and(page.getByTitle("Index 3, term 2: x=2, committed")).waitFor();
  await press(page, "h");
  await typeLines(page, "run 500ms");
  for (const server of ["S1", "S2", "S3", "S4", "S5"]) {
    await entry(page, server, 3).and(page.getByTitle("Index 3, term 2: x=2, committed")).waitFor();
  }
  await becomes(page, "S1", "follower", 2);
});

journey("by keyboard: messages are held, delivered, dropped and duplicated", async ({ page }) => {
  await atStart(page);
  await press(page, "1", "t");
  const request = (to) => message(page, "RequestVote", "S1", to);
  await operate(page, request("S2"), button(page, "Hold"));
  await page.getByRole("button", { name: /^RequestVote from S1 to S2.*It is held\./ }).waitFor();
  await operate(page, request("S3"), button(page, "Deliver now"));
  await message(page, "RequestVoteReply", "S3", "S1").waitFor();
  await operate(page, request("S4"), button(page, "Drop"));
  await request("S4").waitFor({ state: "detached" });
  await operate(page, request("S5"), button(page, "Duplicate"));
  await request("S5").nth(1).waitFor();
});

journey("by keyboard: five records back, a new branch; branches named and linked", clipboard, async ({ page, context }) => {
  await atStart(page);
  await typeLines(page, "timeout S1", "run 60ms");
  const first = await table(page);
  await press(page, "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "1", "c");
  await becomes(page, "S1", "down");
  const opener = button(page, "Branches 2");
  await operate(page, opener);
  const branches = dialog(page, "Branches");
  for (const [place, name] of ["S1 lives", "S1 dies"].entries()) {
    await reach(page, branches.getByRole("textbox").nth(place));
    await press(page, "Control+A");
    await page.keyboard.type(name);
    await press(page, "Tab");
    await button(branches, `Look at it: ${name}`).waitFor();
  }
  const links = branches.getByRole("button", { name: /^Copy link/ });
  const [one, other] = [await copied(page, links.nth(0)), await copied(page, links.nth(1))];
  assert.equal(await tableElsewhere(context, one), first);
  assert.equal(await tableElsewhere(context, other), await table(page));
  await press(page, "Escape");
  await reach(page, opener);
  await operate(page, opener, dialog(page, "Branches").getByRole("button", { name: "Look at it: S1 lives" }));
  assert.equal(await table(page), first);
});

journey("by keyboard: the reasons and the causes of a record", async ({ page }) => {
  await atStart(page);
  await typeLines(page, "timeout S1", "run 60ms", "timeout S2", "run 15ms");
  await operateEvent(page, page.getByLabel("Events").getByRole("button", { name: /S1 is no longer leader/ }));
  await inspector(page).getByLabel("Why?").getByText("§5.1").first().waitFor();
  const cause = inspector(page).getByTitle("Go there").first();
  const told = await cause.innerText();
  await operate(page, cause);
  await inspector(page).getByRole("heading", { level: 2 }).getByText(told.match(/^[\d.]+ s/)[0]).waitFor();
  await operate(page, caption(page).getByRole("button", { name: "Why?" }));
});

journey("by keyboard: why a vote is rejected, and why an entry on a majority is not committed", async ({ page }) => {
  await openScenario(page, "figure-8 not yet committed");
  const said = () => caption(page).innerText();
  for (let before = ""; !before.includes("Index 2 is on S1, S2 and S3, a majority."); ) {
    await press(page, "PageDown");
    const earlier = before;
    before = await eventually(said, (now) => now !== earlier);
  }
  await operate(page, entry(page, "S1", 2));
  await inspector(page).getByRole("heading", { name: "Why it is not committed" }).waitFor();
  await operate(page, inspector(page).getByTitle("Go there"));
  await inspector(page).getByLabel("Why?").getByText(/^S1 commits index 2 \(term 2\) only along with an entry of its own term 4, although by its count S1 S2 S3 hold it/).waitFor();
  await press(page, "End");
  await operate(page, button(page, "‹ Events"));
  await operateEvent(page, page.getByLabel("Events").getByRole("button", { name: /S2 refuses S5 its vote in term 5/ }));
  const reason = inspector(page).getByLabel("Why?").getByRole("listitem").filter({ hasText: "S2 refuses S5 its vote" });
  assert.match(await reason.innerText(), /index \d+.*term \d+.*§5\.4\.1/s);
  await operate(page, inspector(page).getByRole("button", { name: /S5.* starts an election in term 5/ }));
  await becomes(page, "S5", "candidate", 5);
});

journey("by keyboard: the diagram is zoomed and follows the present, and the run is navigated", async ({ page }) => {
  await press(page, "Space");
  await onlyLeader(page);
  // The end of the run is at a whole millisecond; a pause need not be.
  await press(page, "Space", "End");
  const scale = () => page.locator("#timeline .axis text").allTextContents();
  const before = await scale();
  await operate(page, button(page, "Zoom in"), button(page, "Zoom in"));
  assert.notDeepEqual(await scale(), before);
  const first = async () => Number(await page.locator("#overview .frame").getAttribute("x"));
  const present = await first();
  await press(page, "Home");
  const start = await first();
  await press(page, "Shift+ArrowRight");
  const election = await first();
  assert(start < election, `${start}, then ${election}`);
  await press(page, "End");
  assert.equal(await first(), present);
  await operate(page, button(page, "The whole run"));
  await operate(page, button(page, "Follow the present"));
  await press(page, "Home");
  await press(page, "Shift+ArrowRight");
  await rowsOf(page, "candidate").first().waitFor();
  await operate(page, button(page, "Back by one event (←)"));
  assert.equal(await rowsOf(page, "candidate").count(), 0);
  const landmark = page.getByRole("combobox", { name: "Landmark" });
  await reach(page, landmark);
  await press(page, "ArrowDown", "ArrowDown");
  await assertFocusVisible(page);
  assert.equal(await landmark.inputValue(), "2");
  await operate(page, button(page, "Next landmark (Shift →)"));
});

journey("by keyboard: breakpoints pause the run", async ({ page }) => {
  await atStart(page);
  await press(page, "b");
  const open = dialog(page, "Breakpoints");
  await operate(page, open.getByRole("button", { name: "two leaders" }));
  await operate(page, open.getByRole("button", { name: "Remove two leaders" }));
  await reach(page, open.getByRole("combobox", { name: "Server" }));
  await page.keyboard.type("S3");
  await assertFocusVisible(page);
  await reach(page, open.getByRole("combobox", { name: "Role" }));
  await press(page, "c");
  await operate(page, open.getByRole("button", { name: "Add: S3 becomes candidate" }));
  await open.getByRole("checkbox", { name: "S3 becomes candidate" }).waitFor();
  await reach(page, open.getByRole("combobox", { name: "Condition" }));
  await page.keyboard.type("S2 is leader\n");
  await operate(page, [open.getByRole("checkbox", { name: "S2 is leader" }), "Space"]);
  await press(page, "Escape");
  await typeLines(page, "crash S1", "crash S2", "crash S4", "crash S5");
  const speed = page.getByRole("slider", { name: "Speed" });
  await reach(page, speed);
  await press(page, "End");
  assert.equal(await speed.getAttribute("aria-valuetext"), "100 of real time");
  await press(page, "Space");
  await page.getByRole("status").getByText("Stopped: S3 becomes candidate.").waitFor();
  await assertFocusVisible(page);
  await becomes(page, "S3", "candidate");
});

journey("by keyboard: a scenario is found, played to its end, changed, and its run is shared", clipboard, async ({ page, context }) => {
  await atStart(page);
  await openScenario(page, "split-vote first-steps");
  const on = button(page, "Next caption (PageDown)");
  while (!(await on.isDisabled())) {
    await operate(page, on);
  }
  await press(page, "1", "c");
  await becomes(page, "S1", "down");
  await press(page, "l");
  await page.getByRole("status").getByText("The link is on the clipboard.").waitFor();
  const shown = await table(page);
  assert.equal(await tableElsewhere(context, await page.evaluate(() => navigator.clipboard.readText())), shown);
  await operate(page, caption(page).getByRole("button", { name: "OK" }));
  const share = button(page, "Share");
  await operate(page, share, dialog(page, "Share").getByRole("button", { name: "Copy script" }));
  await dialog(page, "Share").getByText("The script is on the clipboard.").waitFor();
  await reach(page, dialog(page, "Share").getByLabel("Open a script"));
  await press(page, "Escape");
  await reach(page, share);
  await page.reload();
  await becomes(page, "S1", "down");
  assert.equal(await table(page), shown);
});

journey("by keyboard: a run is saved to a file, opened from it, and still there after a reload", async ({ page }) => {
  await atStart(page);
  await typeLines(page, "timeout S2", "run 80ms", "crash S4");
  await becomes(page, "S4", "down");
  const shown = await table(page);
  const share = button(page, "Share");
  const saved = page.waitForEvent("download");
  await operate(page, share, button(page, "Save script"));
  const text = await readFile(await (await saved).path());
  await press(page, "Escape");
  await operateMore(page, button(page, "Start over"));
  await atStart(page);
  // Asked for early: it takes effect a while later, and a chooser before that is lost.
  const chooser = page.waitForEvent("filechooser");
  await operate(page, share);
  await reach(page, page.getByLabel("Open a script"));
  await press(page, "Enter");
  await (await chooser).setFiles({ name: "run.hust", mimeType: "text/plain", buffer: text });
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await operate(page, button(page, "To the end of this branch (End)"));
  assert.equal(await table(page), shown);
  await page.reload();
  await becomes(page, "S4", "down");
  assert.equal(await table(page), shown);
});

journey("by keyboard: a rule is disabled, and the violation is explained", async ({ page }) => {
  await atStart(page);
  await operate(page, button(page, "Standard Raft"));
  const open = dialog(page, "Set-up");
  await operate(page, [open.getByRole("checkbox", { name: /^many-votes-per-term/ }), "Space"], button(page, "Start a new run"));
  await button(page, "Modified: many-votes-per-term").waitFor();
  await press(page, "Home");
  await typeLines(page, "timeout S1", "timeout S3");
  await operate(page, [button(page, "Play"), "Space"]);
  await page.getByRole("status").getByText("Stopped: a violation.").waitFor();
  await button(page, "Play").waitFor();
  await page.locator("#timeline .violation").first().waitFor({ state: "attached" });
  await operate(page, button(page, "‹ Events"));
  await operateEvent(page, page.getByLabel("Events").locator(".violated").getByRole("button").first());
  await inspector(page).getByRole("alert").getByText("is violated.").waitFor();
});

journey("by keyboard: a command is completed, an invalid one is refused, and Escape returns the focus", async ({ page }) => {
  await atStart(page);
  const opener = button(page, "command line (/)");
  await operate(page, opener);
  await page.keyboard.type("cra");
  await press(page, "Tab");
  await page.keyboard.type("S5\n");
  await becomes(page, "S5", "down");
  await page.keyboard.type("crush S1\n");
  await page.getByRole("alert").waitFor();
  await press(page, "Escape");
  await assertFocusVisible(page);
});

journey("by keyboard: pictures are saved", async ({ page }) => {
  await atStart(page);
  await operate(page, button(page, "Share"));
  for (const picture of ["Stage as SVG", "Diagram as PNG"]) {
    const download = page.waitForEvent("download");
    await operate(page, button(page, picture));
    await download;
  }
});

journey("by keyboard: closing a dialog returns the focus to its opener", async ({ page }) => {
  await atStart(page);
  const inMenu = ["Statistics", "Help and keys"];
  for (const name of ["Scenarios", "Set-up", "Share", ...inMenu, "Breakpoints 1", "Branches 1", "Standard Raft"]) {
    // A menu closes before the dialog opens.
    const opener = button(page, inMenu.includes(name) ? "More" : name);
    const open = () => operate(page, ...(inMenu.includes(name) ? [opener] : []), button(page, name));
    await open();
    await page.getByRole("dialog").waitFor();
    await press(page, "Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await assertFocusVisible(page);
    assert(await opener.evaluate((it) => it === document.activeElement), name);
    await open();
    await operate(page, button(page, "Close"));
    assert(await opener.evaluate((it) => it === document.activeElement), name);
  }
});

journey("by keyboard: theme and language are chosen, and the focus stays", async ({ page }) => {
  await atStart(page);
  const theme = () => page.locator("html").getAttribute("data-theme");
  await operateMore(page, button(page, "Theme: Auto"));
  assert.equal(await theme(), "light");
  await operateMore(page, button(page, "Theme: Light"));
  assert.equal(await theme(), "dark");
  await operate(page, button(page, "Projector"), button(page, "Projector"), button(page, "中文"));
  await operate(page, button(page, "English"));
  await button(page, "中文").waitFor();
});

journey("Tab visits every control once, in both directions, and comes back", async ({ page }) => {
  await atStart(page);
  await press(page, "1", "t");
  const visitAll = async (key) => {
    const stops = [];
    for (let stop = 0; stop < TAB_STOPS_MAX; stop += 1) {
      await press(page, key);
      const { name, lost, ringShown, uncovered } = await page.evaluate(focused);
      // After the last control the focus leaves the page.
      if (lost) {
        return stops;
      }
      assert.deepEqual({ name, ringShown, uncovered }, { name, ringShown: true, uncovered: true });
      stops.push(name);
    }
    assert.fail(`a focus trap: ${stops.slice(-5)}`);
  };
  await visitAll("Tab");
  const forwards = await visitAll("Tab");
  const backwards = await visitAll("Shift+Tab");
  assert.deepEqual(backwards.reverse(), forwards);
});
