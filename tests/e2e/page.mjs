// Locators by role and label, and common actions.

import assert from "node:assert/strict";

/** A server's row in the table of servers and logs. */
export const row = (page, server) =>
  page.getByRole("row", { name: new RegExp(`^${server} `) });

/** The rows of all servers of a role. */
export const rowsOf = (page, role) =>
  page.getByRole("row", { name: new RegExp(`^S\\d ${role} `) });

/** A server on the stage. */
export const onStage = (page, server) =>
  page.getByRole("group", { name: "Cluster" }).getByRole("button", {
    name: new RegExp(`^${server}, `),
  });

/** The button of that name. */
export const button = (page, name) =>
  page.getByRole("button", { name, exact: true });

/** Name and term of a row's server. */
export async function identify(row) {
  const cells = await row.getByRole("cell").allInnerTexts();
  const name = await row.getByRole("rowheader").innerText();
  return { name, term: Number(cells[1]) };
}

/** Waits until exactly one server leads; returns its name and term. */
export async function onlyLeader(page) {
  const leaders = rowsOf(page, "leader");
  await leaders.first().waitFor();
  await leaders.nth(1).waitFor({ state: "detached" });
  return identify(leaders);
}

/** Sets the speed to real time instead of a tenth of it. */
export const realTime = (page) => page.getByLabel("Speed").fill("9");

/** Pauses at the start of the run. */
export const atStart = (page) => press(page, "Home");

/** Presses keys, one after the other, and waits until what they did is drawn. */
export async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
  }
  await drawn(page);
}

/**
 * Waits until what was done is drawn. Yew draws for 16 ms at most and goes on at a timer of
 * no time; timers of the same time come in their order.
 */
const drawn = (page) =>
  page.evaluate(async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((done) => setTimeout(done));
    }
  });

/** Waits until what is done a part at a time is done. */
export const workDone = (page) => page.locator(".work").waitFor({ state: "detached" });

/** Waits until the menu on the stage, if it is open, has its place, without which it is not shown. */
export const menuPlaced = (page) => page.locator("#stage-menu:not(.closed, [style])").waitFor({ state: "detached" });

/** Runs lines of the script language on the page's command line, and waits until it is closed. */
export async function runLines(page, ...lines) {
  await page.keyboard.press("/");
  const field = page.getByRole("textbox", { name: /^(Command line|命令行)$/ });
  for (const line of lines) {
    await field.fill(line);
    await field.press("Enter");
  }
  // While one of them is under way, the key would stop it.
  await workDone(page);
  await field.press("Escape");
  // What the lines did is drawn before the command line closes.
  await field.waitFor({ state: "hidden" });
}

/** Opens a scenario from the gallery. */
export async function openScenario(page, search) {
  await button(page, "Scenarios").click();
  await page.getByRole("searchbox", { name: "Search scenarios" }).fill(search);
  // Until the search is drawn there are others.
  await page.getByRole("dialog").getByRole("listitem").nth(1).waitFor({ state: "detached" });
  await page.getByRole("dialog").getByRole("listitem").getByRole("button").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  // A long one is played a part at a time.
  await page.getByRole("main").locator("progress").waitFor({ state: "detached" });
}

/**
 * Waits until an asynchronous condition holds in the page. Playwright's
 * `waitForFunction` takes any promise for true.
 */
export async function until(page, holds, argument) {
  const deadline = Date.now() + 30_000;
  while (!(await page.evaluate(holds, argument))) {
    assert(Date.now() < deadline, `never true: ${holds}`);
  }
}

/** Waits until something read from the page is as it should be, and returns it. */
export async function eventually(read, holds) {
  const deadline = Date.now() + 30_000;
  let value;
  while (!holds((value = await read()))) {
    assert(Date.now() < deadline, `it stays ${value}: ${holds}`);
  }
  return value;
}

/** An entry of a server's log, by its index. */
export const entry = (page, server, index) =>
  row(page, server).getByRole("button", { name: new RegExp(`^Index ${index}, `) });

/** Waits until a link has a state, such as "S1 to S2, cut"; a level line is too flat to count as visible. */
export const linkIs = (page, state) =>
  page.getByRole("button", { name: `Link ${state}`, exact: true }).waitFor({ state: "attached" });

/** A message in flight. */
export const message = (page, kind, from, to) =>
  page.getByRole("button", { name: new RegExp(`^${kind} from ${from} to ${to}:`) });

/** Waits until a server has a role and, if given, a term. */
export const becomes = (page, server, role, term = "\\d+") =>
  page.getByRole("row", { name: new RegExp(`^${server} ${role} ${term} `) }).waitFor();

/** The caption. */
export const caption = (page) => page.getByLabel("Caption", { exact: true });

/** Records captions from now on; returns a function that returns them. */
export async function captions(page) {
  const recorded = await caption(page).evaluateHandle((shown) => {
    const recorded = [shown.innerText];
    new MutationObserver(() => recorded.push(shown.innerText.replace(/\s+/g, " "))).observe(shown, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    return recorded;
  });
  return () => recorded.jsonValue();
}

/** Roles, terms, votes and logs of all servers, as text. */
export const table = (page) => page.getByLabel("Servers and logs").getByRole("table").innerText();

/** The visible labels of the diagram's axis: their times in seconds, and where they are. */
export const axis = (page) =>
  page.locator("#timeline").evaluate((drawing) => {
    const { left, right } = drawing.getBoundingClientRect();
    const labels = [...drawing.querySelectorAll(".axis text")].map((label) => {
      const box = label.getBoundingClientRect();
      const parts = label.textContent.replace(/ s| ·.*/g, "").split(":").map(Number);
      return { text: label.textContent, x: (box.left + box.right) / 2, time: parts.reduce((sum, part) => 60 * sum + part, 0) };
    });
    return labels.filter(({ x }) => x >= left && x <= right);
  });

/** Goes to an event in the list, and asks at the caption why it came about. */
export async function askWhy(page, event) {
  await event.click();
  await caption(page).getByRole("button", { name: "Why?" }).click();
}

/** Lists only the events with some words: of others only those near the present are drawn. */
export async function onlyEvents(page, words) {
  await page.getByRole("combobox", { name: "Search the events" }).fill(words);
  await page.getByRole("checkbox", { name: "Only these" }).check();
}

/** Goes back from the details of something to the events. */
export const toEvents = (page) => button(page, "‹ Events").click();

/** Chooses something of the menu ⋯. */
export async function fromMenu(page, name) {
  await button(page, /^(More|更多)$/).click();
  await button(page, name).click();
}

/** Starts anew with another number of servers. */
export async function chooseServers(page, count) {
  await button(page, "More").click();
  await page.getByRole("combobox", { name: "Servers" }).selectOption(String(count));
}

/** Does what takes the user one action each, and counts. */
export function counting() {
  let count = 0;
  return {
    async act(action) {
      count += 1;
      await action;
    },
    atMost: (most) => assert(count <= most, `${count} actions`),
  };
}

/** CPU time of every task of the page's main thread during an action, in milliseconds. */
export async function tasksDuring(browser, page, act) {
  await browser.startTracing(page, { categories: ["disabled-by-default-devtools.timeline"] });
  await act();
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const main = traceEvents.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain");
  const isMain = (event) => main.some(({ pid, tid }) => event.pid === pid && event.tid === tid);
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && isMain(event));
  // A task cut off by the end of the trace has no duration.
  const ended = tasks.filter((event) => event.dur !== undefined);
  return ended.map((event) => (event.tdur ?? event.dur) / 1e3);
}

/** Drops a file on the page. */
export async function drop(page, name, text) {
  const data = await page.evaluateHandle(([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    return data;
  }, [name, text]);
  await page.locator("main").dispatchEvent("drop", { dataTransfer: data });
}

/** Drops files on the page, all at once. */
export async function dropAll(page, files) {
  const packed = files.map(({ name, bytes }) => [name, bytes.toString("base64")]);
  await page.evaluate((packed) => {
    const data = new DataTransfer();
    for (const [name, base64] of packed) {
      data.items.add(new File([Uint8Array.from(atob(base64), (it) => it.charCodeAt(0))], name));
    }
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
  }, packed);
}
