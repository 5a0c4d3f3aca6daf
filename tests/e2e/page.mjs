// What a visitor finds on the page, by role and label.

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

/** Name and term of the server in a row. */
export async function identify(row) {
  const cells = await row.getByRole("cell").allInnerTexts();
  const name = await row.getByRole("rowheader").innerText();
  return { name, term: Number(cells[1]) };
}

/** Waits until exactly one server leads, and says which. */
export async function onlyLeader(page) {
  const leaders = rowsOf(page, "leader");
  await leaders.first().waitFor();
  await leaders.nth(1).waitFor({ state: "detached" });
  return identify(leaders);
}

/** Lets time pass as fast as the clock on the wall, instead of a tenth of it. */
export const realTime = (page) => page.getByLabel("Speed").fill("9");

/** Stops time where the run begins, before anything has happened. */
export const atStart = (page) => page.keyboard.press("Home");

/** Presses keys, one after the other. */
export async function press(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key);
  }
}

/** Carries out lines of the script language on the page's command line. */
export async function say(page, ...lines) {
  await page.keyboard.press("/");
  const field = page.getByRole("textbox", { name: /^(Command line|命令行)$/ });
  for (const line of lines) {
    await field.fill(line);
    await field.press("Enter");
  }
  await field.press("Escape");
}

/** Opens a scenario from the gallery. */
export async function openScenario(page, search) {
  await button(page, "Scenarios").click();
  await page.getByRole("searchbox", { name: "Search scenarios" }).fill(search);
  await page.getByRole("dialog").getByRole("listitem").getByRole("button").click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/**
 * Waits until something holds in the page that takes its time to say so. For
 * Playwright's `waitForFunction` any promise is a yes.
 */
export async function until(page, holds, argument) {
  const patience = Date.now() + 30_000;
  while (!(await page.evaluate(holds, argument))) {
    assert(Date.now() < patience, `this never came to hold: ${holds}`);
  }
}

/** An entry of a server's log, by its index. */
export const entry = (page, server, index) =>
  row(page, server).getByRole("button", { name: new RegExp(`^Index ${index}, `) });

/** A message under way. */
export const message = (page, kind, from, to) =>
  page.getByRole("button", { name: new RegExp(`^${kind} from ${from} to ${to}:`) });

/** Waits until a server has a role, and a term if one is named. */
export const becomes = (page, server, role, term = "\\d+") =>
  page.getByRole("row", { name: new RegExp(`^${server} ${role} ${term} `) }).waitFor();

/** What is told in the caption's place. */
export const caption = (page) => page.getByLabel("Caption", { exact: true });

/** From now on keeps every caption, and gives a function that says which there were. */
export async function captions(page) {
  const kept = await caption(page).evaluateHandle((shown) => {
    const kept = [shown.innerText];
    new MutationObserver(() => kept.push(shown.innerText.replace(/\s+/g, " "))).observe(shown, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    return kept;
  });
  return () => kept.jsonValue();
}

/** Roles, terms, votes and logs of all servers, as text. */
export const table = (page) => page.getByLabel("Servers and logs").getByRole("table").innerText();
