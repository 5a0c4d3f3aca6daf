// A monkey at the page: random actions, valid or not. After each stretch of them
// the page must still run, and its script must lead to what it shows.
//
//   MONKEY_SEED=7 MONKEY_ACTIONS=20000 node --test tests/e2e/monkey.test.mjs
//
// The same seed gives the same actions. When the test fails, it prints the seed,
// the stretch, and the last actions. MONKEY_FROM starts with a later stretch;
// HUSTINGS names the command line's program, which must agree, too.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { journey, start } from "./harness.mjs";
import { play, prepare, readScript, readState, replay } from "./monkey-hands.mjs";

const number = (name, usual) => Number(process.env[name] ?? usual);
const seed = number("MONKEY_SEED", 1);
const actions = number("MONKEY_ACTIONS", 300);
const from = number("MONKEY_FROM", 0);
const STRETCH = 50;
/** How many of the last actions are printed. */
const TOLD = 60;

const scenarios = new URL("../../scenarios/", import.meta.url);
const scripts = readdirSync(scenarios, { recursive: true })
  .filter((name) => name.endsWith(".hust"))
  .sort()
  .map((name) => readFileSync(new URL(name, scenarios), "utf8"));

/** Dice for what is done from outside the page: the same for the same stretch. */
function dice(stretch) {
  let state = (Math.imul(seed, 0x9e3779b1) + Math.imul(stretch + 1, 0x85ebca6b)) >>> 0;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** What only the browser itself can do. */
const outside = {
  async resize(page, roll, say) {
    const [width, height] = [[1280, 720], [390, 844], [320, 480], [1920, 1080], [1000, 200]][roll(5)];
    say(`resize to ${width} by ${height}`);
    await page.setViewportSize({ width, height });
  },
  async freeze(page, roll, say) {
    say("freeze the page");
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
    await cdp.send("Page.setWebLifecycleState", { state: "active" });
    await cdp.detach();
  },
  async reload(page, roll, say) {
    say("reload");
    await page.reload();
    await page.locator("html[data-started]").waitFor({ state: "attached" });
  },
  async mouse(page, roll, say) {
    const { width, height } = page.viewportSize();
    for (let click = 0; click < 5; click += 1) {
      const [x, y] = [roll(width), roll(height)];
      say(`click at ${x}, ${y}`);
      await page.mouse.click(x, y);
    }
  },
  async keyboard(page, roll, say) {
    for (const key of ["Tab", "Tab", "Enter", "Space", "Escape", "ArrowRight", "Shift+ArrowLeft"]) {
      if (roll(2)) {
        say(`press ${key}`);
        await page.keyboard.press(key);
      }
    }
  },
};

/** Plays the script on a page of its own and reads what that shows. */
async function shownBy(script, page, lang) {
  await page.evaluate((lang) => localStorage.setItem("hustings.settings", `${lang} system`), lang);
  await page.reload();
  await page.locator("html[data-started]").waitFor({ state: "attached" });
  await page.evaluate(replay, script);
  return page.evaluate(readState);
}

/** What the command line finds wrong with a script. */
function inTerminal(script) {
  if (!process.env.HUSTINGS) {
    return "";
  }
  const { status, stdout, stderr } = spawnSync(process.env.HUSTINGS, ["run", "-"], { input: script, encoding: "utf8" });
  // Broken rules violate invariants, and goals may lie too far ahead: the script
  // says so, and was played to its end all the same.
  const failed = `${stdout}${stderr}`;
  const expected = status === 1 && /violat|not reached/.test(failed) && !/stopped/.test(failed);
  return status === 0 || expected ? "" : `exit status ${status}: ${failed}`;
}

async function check(page, second, lang) {
  const script = await page.evaluate(readScript);
  const shown = await page.evaluate(readState);
  const again = await shownBy(script, second, lang);
  // Of time in which nothing has happened, the script knows nothing.
  assert(shown.clock >= again.clock, `the clock says ${shown.clock} here, ${again.clock} there`);
  assert.deepEqual({ ...again, clock: 0 }, { ...shown, clock: 0 }, `this script shows something else:\n${script}`);
  assert.equal(inTerminal(script), "", `the command line does not agree with:\n${script}`);
}

const options = { timeout: 60_000 + 100 * actions };

journey(`${actions} random actions (seed ${seed}) leave a page that runs and a script that is true`, options, async ({ page, context, faults }) => {
  const done = [];
  const say = (what) => done.push(what);
  page.on("console", (message) => message.type() === "debug" && say(message.text()));
  await page.addInitScript(prepare);
  await page.reload();
  await page.locator("html[data-started]").waitFor({ state: "attached" });

  const other = await context.browser().newContext();
  const second = await other.newPage();
  await second.addInitScript(prepare);
  await second.addInitScript(() => localStorage.removeItem("hustings.run"));
  await start(second, page.url());

  const last = Math.ceil(actions / STRETCH);
  for (let stretch = from; stretch < last; stretch += 1) {
    const roll = dice(stretch);
    const mine = new Error().stack;
    try {
      say(`stretch ${stretch}`);
      await page.evaluate(play, { seed: roll(2 ** 32), count: STRETCH, scripts });
      const ways = Object.values(outside);
      await ways[roll(ways.length)](page, roll, say);
      const { stopped } = await page.evaluate(readState);
      assert.equal(stopped, "", "the page has stopped");
      const lang = await page.evaluate(() => document.documentElement.lang);
      await check(page, second, lang);
      assert.deepEqual(faults, [], "the page did what it must not");
    } catch (error) {
      error.message = `seed ${seed}, stretch ${stretch}: ${error.message}\n  ${done.slice(-TOLD).join("\n  ")}`;
      error.stack = `${error.message}\n${mine}`;
      throw error;
    }
  }
  await other.close();
});
