// A monkey test: random actions, valid or not. After each batch the page must still
// run, and replaying its script must lead to the same state.
//
//   MONKEY_SEED=7 MONKEY_ACTIONS=20000 node --test tests/e2e/monkey.test.mjs
//
// The same seed gives the same actions. When the test fails, it prints the seed, the
// batch, and the last actions. MONKEY_FROM is the number of the first batch. HUSTINGS is
// the path of the command line's program, which replays the script, too.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { journey, start } from "./harness.mjs";
import { play, prepare, readScript, readState, replay } from "./monkey-actions.mjs";

const number = (name, fallback) => Number(process.env[name] ?? fallback);
const seed = number("MONKEY_SEED", 1);
const actions = number("MONKEY_ACTIONS", 300);
const from = number("MONKEY_FROM", 0);
/** Actions per batch. */
const BATCH_ACTIONS = 50;
/** Number of the last actions that a failure prints. */
const LAST_ACTIONS = 60;

const scenarios = new URL("../../scenarios/", import.meta.url);
const scripts = readdirSync(scenarios, { recursive: true })
  // Programs need an interpreter.
  .filter((name) => name.endsWith(".hust") && !name.startsWith("servers"))
  .sort()
  .map((name) => readFileSync(new URL(name, scenarios), "utf8"));

/** A random generator for a batch's browser actions. */
function randomBelow(batch) {
  let state = (Math.imul(seed, 0x9e3779b1) + Math.imul(batch + 1, 0x85ebca6b)) >>> 0;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** Actions outside of the page. */
const browserActions = {
  async resize(page, roll, record) {
    const [width, height] = [[1280, 720], [390, 844], [320, 480], [1920, 1080], [1000, 200]][roll(5)];
    record(`resize to ${width} by ${height}`);
    await page.setViewportSize({ width, height });
  },
  async freeze(page, roll, record) {
    record("freeze the page");
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Page.setWebLifecycleState", { state: "frozen" });
    await cdp.send("Page.setWebLifecycleState", { state: "active" });
    await cdp.detach();
  },
  async reload(page, roll, record) {
    record("reload");
    await page.reload();
    await page.locator("html[data-started]").waitFor({ state: "attached" });
  },
  async mouse(page, roll, record) {
    const { width, height } = page.viewportSize();
    for (let click = 0; click < 5; click += 1) {
      const [x, y] = [roll(width), roll(height)];
      record(`click at ${x}, ${y}`);
      await page.mouse.click(x, y);
    }
  },
  async keyboard(page, roll, record) {
    for (const key of ["Tab", "Tab", "Enter", "Space", "Escape", "ArrowRight", "Shift+ArrowLeft"]) {
      if (roll(2)) {
        record(`press ${key}`);
        await page.keyboard.press(key);
      }
    }
  },
};

/** How the page is laid out, which decides how many entries the logs show. */
const layout = (page) =>
  page.evaluate(() => {
    const { lang, dataset, style } = document.documentElement;
    const size = (property) => String(parseInt(style.getPropertyValue(property)) || "");
    const projector = "projector" in dataset ? " projector" : "";
    return { settings: `${lang} system${projector}`, side: size("--side"), foot: size("--foot") };
  });

/**
 * Waits until the page rests: the clock stands, so that it changes only as long as something
 * is under way, such as the reading of a file or a drawing at a new size.
 */
const atRest = (page) =>
  page.evaluate(async () => {
    let changed = true;
    const watch = new MutationObserver(() => (changed = true));
    watch.observe(document, { attributes: true, characterData: true, childList: true, subtree: true });
    while (changed) {
      changed = false;
      for (let frame = 0; frame < 4; frame += 1) {
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      }
    }
    watch.disconnect();
  });

/** Replays the script on another page of the same layout and returns the state shown there. */
async function replayedState(script, page, layout) {
  await page.evaluate((layout) => {
    for (const [name, value] of Object.entries(layout)) {
      localStorage.setItem(`hustings.${name}`, value);
    }
  }, layout);
  await page.reload();
  await page.locator("html[data-started]").waitFor({ state: "attached" });
  await page.evaluate(replay, script);
  await atRest(page);
  return page.evaluate(readState);
}

/** What `hustings run` prints for a script unless it replays it to its end. */
function commandLineError(script) {
  if (!process.env.HUSTINGS) {
    return "";
  }
  const { status, stdout, stderr } = spawnSync(process.env.HUSTINGS, ["run", "-"], { input: script, encoding: "utf8" });
  // Violations and goals that are not reached fail the script, but not the replay.
  const output = `${stdout}${stderr}`;
  const expected = status === 1 && /violat|not reached/.test(output) && !/stopped/.test(output);
  return status === 0 || expected ? "" : `exit status ${status}: ${output}`;
}

async function check(page, second) {
  const size = page.viewportSize();
  await page.setViewportSize(second.viewportSize());
  await atRest(page);
  const script = await page.evaluate(readScript);
  await atRest(page);
  const shown = await page.evaluate(readState);
  const replayed = await replayedState(script, second, await layout(page));
  await page.setViewportSize(size);
  // The script does not include time after the last event.
  assert(shown.clock >= replayed.clock, `clock ${shown.clock}, replayed ${replayed.clock}`);
  assert.deepEqual({ ...replayed, clock: 0 }, { ...shown, clock: 0 }, `replaying this script differs:\n${script}`);
  assert.equal(commandLineError(script), "", `the command line disagrees about:\n${script}`);
}

const options = { timeout: 60_000 + 100 * actions };

journey(`${actions} random actions (seed ${seed}) leave a page that runs and a script that replays`, options, async ({ page, context, faults }) => {
  const log = [];
  const record = (what) => log.push(what);
  page.on("console", (message) => message.type() === "debug" && record(message.text()));
  await page.addInitScript(prepare);
  await page.reload();
  await page.locator("html[data-started]").waitFor({ state: "attached" });

  const other = await context.browser().newContext();
  const second = await other.newPage();
  await second.addInitScript(prepare);
  await second.addInitScript(() => localStorage.removeItem("hustings.run"));
  await start(second, page.url());

  const last = Math.ceil(actions / BATCH_ACTIONS);
  for (let batch = from; batch < last; batch += 1) {
    const roll = randomBelow(batch);
    const { stack } = new Error();
    try {
      record(`batch ${batch}`);
      await page.evaluate(play, { seed: roll(2 ** 32), count: BATCH_ACTIONS, scripts });
      const actions = Object.values(browserActions);
      await actions[roll(actions.length)](page, roll, record);
      const { stopped } = await page.evaluate(readState);
      assert.equal(stopped, "", "the page has stopped");
      await check(page, second);
      assert.deepEqual(faults, [], "the page has faults");
    } catch (error) {
      error.message = `seed ${seed}, batch ${batch}: ${error.message}\n  ${log.slice(-LAST_ACTIONS).join("\n  ")}`;
      error.stack = `${error.message}\n${stack}`;
      throw error;
    }
  }
  await other.close();
});
