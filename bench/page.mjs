// Measures the built page in a headless browser: CPU time per frame while a run plays,
// long tasks, memory, and start-up.
//
// `cargo xtask bench --page` builds the page and runs this. For an already built page,
// optionally with other built pages to compare the start with:
//
//   eval "$(cargo xtask env)"
//   node bench/page.mjs [start|frames|lines|long|programs|session|profile]... [NAME=FOLDER]...
//
// Times are CPU time of the page's main thread where possible, so that other programs on
// the machine matter less.

import { base, dist, launch, listen } from "../tests/e2e/site.mjs";
import { tasksDuring } from "../tests/e2e/page.mjs";
import { measureStart } from "./start.mjs";

/** The number of intervals of frames measured; the median counts. */
const STRETCHES = 15;
const STRETCH_MS = 1_000;
/** The interval of the page's ticks, in milliseconds. */
const TICK_MS = 16;
/** The number of ticks of a session of five minutes. */
const SESSION_TICKS = (5 * 60 * 1_000) / TICK_MS;
const RECORDS_MAX = 200_000;

const terms = (count) => Array(count).fill(1).join(",");
const cluster = (size, entries, settings) => {
  const states = Array.from({ length: size }, (_, place) => `state S${place + 1} term=1 log=${terms(entries)} commit=${entries}`);
  return [`cluster ${size}`, ...settings, ...states, "", "timeout S1", "run until leader", "run 2s", ""].join("\n");
};

/** Five servers under steady heartbeats: programs, or the core. */
const steady = (settings) => ["cluster 5", ...settings, "", "timeout S1", "run until leader", "run 2s", ""].join("\n");
const mends = ["votes-not-counted", "votes-of-old-terms", "no-up-to-date-check", "candidate-stays", "leader-stays-silent", "leader-times-out", "followers-count-votes"];
const programs = steady(["run all message-dispatch", `mend message-dispatch ${mends.join(" ")}`]);
const core = steady(["option check-quorum off"]);
/** A heartbeat, four arrivals, four replies: so many turns of servers in 100 s. */
const TURNS = 26_400;

const situations = [
  {
    name: "five servers, logs of 100 entries",
    script: cluster(5, 100, []),
    goal: 4,
  },
  {
    name: "nine servers, 300 entries, 60 messages in flight",
    script: cluster(9, 300, [
      "option election-timeout 1000..2000ms",
      "option heartbeat 50ms",
      "option latency 165..210ms",
    ]),
    goal: 8,
  },
  {
    name: "five servers that run programs",
    script: programs,
    goal: 4,
  },
];
/** Positions of the speed slider. */
const speeds = [[6, "1/10"], [9, "1"]];

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const most = (list) => list.reduce((a, b) => Math.max(a, b), 0);
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const long = (tasks) => tasks.filter((time) => time > 50).length;
const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const table = (head, rows) => {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, place) => (place ? "---:" : "---"));
  console.log([head, rule, ...rows].map(line).join("\n") + "\n");
};

/** In the page: opens a script, goes to its end, sets the speed, and plays. */
async function open({ script, speed }) {
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const files = new DataTransfer();
  files.items.add(new File([script], "run.hust"));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
  await pause(500);
  press("End");
  const slider = document.querySelector(".speed input");
  slider.value = String(speed);
  slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await pause(100);
  press(" ");
  await pause(500);
  const refused = document.querySelector(".caption .notice");
  if (refused) {
    throw new Error(refused.textContent);
  }
}

/** In the page: counts its ticks, of which there may be several per frame. */
function countTicks() {
  globalThis.ticks = 0;
  const { setInterval } = globalThis;
  globalThis.setInterval = (tick, time) =>
    setInterval(() => {
      globalThis.ticks += 1;
      tick();
    }, time);
}

/** In the page: counts frames, ticks, and messages in flight. */
async function frames(time) {
  const count = { frames: 0, messages: 0, ticks: -globalThis.ticks };
  const end = performance.now() + time;
  while (performance.now() < end) {
    await new Promise(requestAnimationFrame);
    count.frames += 1;
    count.messages += document.querySelectorAll("#stage .message").length;
  }
  count.ticks += globalThis.ticks;
  return count;
}

/** The browser's counters, in milliseconds of CPU time and bytes. */
async function counters(cdp) {
  const { metrics } = await cdp.send("Performance.getMetrics");
  const of = (name) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return {
    script: of("ScriptDuration") * 1e3,
    style: of("RecalcStyleDuration") * 1e3,
    layout: of("LayoutDuration") * 1e3,
    task: of("TaskDuration") * 1e3,
    heap: of("JSHeapUsedSize"),
    nodes: of("Nodes"),
  };
}

async function visit(browser, origin, { prepare } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    addEventListener("TrunkApplicationStarted", (event) => {
      globalThis.started = performance.now();
      globalThis.memory = event.detail.wasm.memory;
    });
  });
  if (prepare) {
    await page.addInitScript(prepare);
  }
  await page.goto(origin + base);
  await page.waitForFunction(() => globalThis.started !== undefined);
  const cdp = await context.newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  return { context, page, cdp };
}

async function measureFrames(browser, origin) {
  const rows = [];
  for (const { name, script, goal } of situations) {
    for (const [speed, speedName] of speeds) {
      const { context, page, cdp } = await visit(browser, origin, { prepare: countTicks });
      await page.evaluate(open, { script, speed });
      const intervals = [];
      for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
        const before = await counters(cdp);
        const { frames: count, messages, ticks } = await page.evaluate(frames, STRETCH_MS);
        const after = await counters(cdp);
        const each = (name, times) => (after[name] - before[name]) / times;
        // A busy browser draws less often than the page ticks.
        const script = each("script", ticks);
        const [style, layout] = [each("style", count), each("layout", count)];
        const rest = each("task", count) - each("script", count) - style - layout;
        intervals.push({ script, style, layout, rest, messages: messages / count, count });
      }
      const of = (name) => median(intervals.map((one) => one[name]));
      const sum = median(intervals.map((one) => one.script + one.style + one.layout));
      rows.push([
        `${name}, ${speedName}×`,
        of("messages").toFixed(0),
        ...["script", "style", "layout"].map((part) => ms(of(part))),
        ms(sum),
        ms(of("rest")),
        speed === 6 ? ms(goal) : "",
        of("count").toFixed(0),
      ]);
      await context.close();
    }
  }
  table(["a frame while a run plays", "messages", "script", "style", "layout", "sum", "other", "goal", "frames/s"], rows);
}

/** In the page: time passes only under the control of the measurement. */
function ownTime() {
  let now = 0;
  let last = 0;
  const ticking = new Map();
  globalThis.setInterval = (tick) => {
    ticking.set((last += 1), tick);
    return last;
  };
  globalThis.clearInterval = (number) => ticking.delete(number);
  performance.now = () => now;
  globalThis.pass = (time) => {
    now += time;
    [...ticking.values()].forEach((tick) => tick());
  };
}

/** In the page: a number of ticks of a user's session. */
async function session({ ticks, from, speed }) {
  const settle = () => new Promise((done) => setTimeout(done));
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const slider = document.querySelector(".speed input");
  slider.value = String(speed);
  slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
  const openAndClose = async (place) => {
    const buttons = [...document.querySelectorAll("header > button, .timebar .spacer ~ button, .branches > button")];
    buttons.at(place % buttons.length)?.click();
    await settle();
    document.querySelector("dialog[open] .dialog-head button")?.click();
  };
  const seek = () => {
    const drawing = document.querySelector("#timeline");
    const { left, top, width, height } = drawing.getBoundingClientRect();
    const at = { clientX: left + width / 4, clientY: top + height / 2, bubbles: true };
    for (const name of ["pointermove", "pointerdown", "pointerup"]) {
      drawing.dispatchEvent(new PointerEvent(name, at));
    }
  };
  // The user's actions, one every four seconds.
  const acts = [
    () => press("r"),
    () => (press("1"), press("c")),
    () => press("r"),
    () => (press("1"), press("c"), press("Escape")),
    () => (seek(), press("ArrowLeft"), press("ArrowRight"), press("End"), press(" ")),
    () => openAndClose(from / 250),
    () => press("a"),
    () => (press("u"), press("End"), press(" ")),
    () => (press("2"), press("i")),
    () => (press("h"), press("Escape")),
  ];
  for (let tick = from; tick < from + ticks; tick += 1) {
    pass(16);
    if (tick % 250 === 249) {
      await acts[Math.floor(tick / 250) % acts.length]();
    }
    await settle();
  }
}

/** In the page: runs at full speed for a number of ticks, or until the run stops. */
async function fill(ticks) {
  const settle = () => new Promise((done) => setTimeout(done));
  const slider = document.querySelector(".speed input");
  slider.value = "15";
  slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
  for (let tick = 0; tick < ticks; tick += 1) {
    pass(16);
    await settle();
  }
  return document.querySelector(".caption .notice")?.textContent ?? "";
}

/** In the page, at the maximum length of a run: the user keeps pressing keys. */
async function afterLimit(times) {
  const settle = () => new Promise((done) => setTimeout(done));
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  for (let time = 0; time < times; time += 1) {
    press([" ", "ArrowLeft", "ArrowRight", "ArrowRight", "1", "r", "End", "Escape"][time % 8]);
    await settle();
    pass(16);
    await settle();
  }
}

async function measureSession(browser, origin) {
  const { context, page, cdp } = await visit(browser, origin, { prepare: ownTime });
  const rows = [];
  const sample = async (name) => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { heap, nodes } = await counters(cdp);
    const wasm = await page.evaluate(() => memory.buffer.byteLength);
    rows.push([name, mb(wasm), mb(heap), String(nodes)]);
  };
  await sample("at the start");
  const before = await counters(cdp);
  const tasks = [];
  for (let tick = 0; tick < SESSION_TICKS; tick += 1_250) {
    const act = () => page.evaluate(session, { ticks: 1_250, from: tick, speed: 9 });
    tasks.push(...(await tasksDuring(browser, page, act)));
  }
  const after = await counters(cdp);
  await sample("after five minutes");
  // A branch of the maximum length of a run.
  let notice = "";
  const later = [];
  for (let part = 1; !notice && part <= 20; part += 1) {
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true })));
    notice = await page.evaluate(() => {
      const play = document.querySelector(".timebar .primary");
      if (!play.querySelector("path").getAttribute("d").startsWith("M5 3h4")) {
        play.click();
      }
      return "";
    });
    const act = async () => (notice = await page.evaluate(fill, 100));
    later.push(...(await tasksDuring(browser, page, act)));
    if (part % 3 === 0 && !notice) {
      await sample(`after ${await page.locator("output.clock").textContent()}`);
    }
  }
  await sample(`at the limit of ${RECORDS_MAX.toLocaleString("en")} records`);
  for (let round = 1; round <= 3; round += 1) {
    await page.evaluate(afterLimit, 400);
    await sample(`${round * 400} keys later`);
  }
  await context.close();
  table(["memory", "WebAssembly", "JavaScript", "DOM nodes"], rows);
  table(
    ["a session of five minutes", "", "goal"],
    [
      ["tasks over 50 ms", String(long(tasks)), "0"],
      ["the longest task", ms(most(tasks)), "50 ms"],
      ["CPU time to a tick", ms((after.task - before.task) / SESSION_TICKS), ""],
      ["then, at 100 times real time: tasks over 50 ms", String(long(later)), ""],
      ["the longest of these", ms(most(later)), ""],
    ],
  );
  console.log(`At the limit the page says: ${notice}\n`);
}

/** The time of a turn of a program, with and without what the laboratory does for any turn. */
async function measurePrograms(browser, origin) {
  const times = {};
  for (const [name, script] of Object.entries({ programs, core })) {
    const { context, page } = await visit(browser, origin);
    await page.evaluate(open, { script, speed: 0 });
    const tasks = await tasksDuring(browser, page, async () => {
      await page.keyboard.press("/");
      await page.locator("#command-line").fill("run 100s");
      await page.keyboard.press("Enter");
      await page.waitForTimeout(200);
      await page.locator(".work").waitFor({ state: "detached" });
    });
    times[name] = tasks.reduce((sum, time) => sum + time, 0);
    await context.close();
  }
  const each = (time) => `${((time * 1e3) / TURNS).toFixed(1)} µs`;
  table(
    ["`run 100s`, five servers of message-dispatch", "whole", "a turn", "goal"],
    [
      ["programs", ms(times.programs), each(times.programs), ""],
      ["the core", ms(times.core), each(times.core), ""],
      ["the difference", ms(times.programs - times.core), each(times.programs - times.core), "80 µs"],
    ],
  );
}

/** The longest task of stepping through a program's lines. */
async function measureLines(browser, origin) {
  const { context, page } = await visit(browser, origin);
  await page.evaluate(open, { script: programs, speed: 0 });
  await page.keyboard.press("d");
  await page.locator(".code .last").waitFor();
  const tasks = await tasksDuring(browser, page, async () => {
    for (const key of ",,.,,.,,.".repeat(4)) {
      await page.keyboard.press(key);
    }
  });
  await context.close();
  table(
    ["stepping through lines", "longest task", "over 50 ms"],
    [["message-dispatch, 36 keys", ms(most(tasks)), String(long(tasks))]],
  );
}

/** A storm of 300 s: one link after the other carries nothing, so that leaders fall. */
const storm = ["cluster 5", "", ...["S1->S2", "S2->S1", "S2->S3", "S3->S1", "S4->S2", "S5->S1"].map((link) => `cut ${link}`), "run 300s", ""].join("\n");

/** The longest tasks of the views of time with a long run. */
async function measureLong(browser, origin) {
  const { context, page } = await visit(browser, origin);
  await page.evaluate(open, { script: storm, speed: 9 });
  const named = (name) => page.getByRole("button", { name, exact: true });
  const settled = () => page.waitForTimeout(1_000);
  const typed = async (line) => {
    await page.keyboard.press("/");
    await page.locator("#command-line").fill(line);
    await page.keyboard.press("Enter");
    await page.waitForTimeout(200);
    await page.locator(".work").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await settled();
  };
  const acts = {
    "its file is opened again": () => page.evaluate(open, { script: storm, speed: 9 }),
    "it plays on": settled,
    "the start and the end": async () => {
      await page.keyboard.press("Home");
      await settled();
      await page.keyboard.press("End");
      await settled();
    },
    "the whole run": async () => {
      await named("The whole run").click();
      await settled();
    },
    "zoom": async () => {
      for (let time = 0; time < 12; time += 1) {
        await named("Zoom in").click();
      }
    },
    "by event": async () => {
      await named("By event").click();
      await settled();
    },
    "300 s more, typed": () => typed("run 300s"),
    "until what never happens, typed": () => typed("run until S1 term=60000 within 300s"),
    "the page is opened again": async () => {
      await page.reload();
      await page.waitForFunction(() => globalThis.started !== undefined);
      await page.locator(".work").waitFor({ state: "detached" });
      await settled();
    },
    "its link is opened": async () => {
      await page.evaluate((script) => void (location.hash = `#${script.trim().split(/\n+/).join(";").replaceAll(" ", "+").replaceAll(">", "%3E")};end`), storm);
      await page.waitForTimeout(200);
      await page.locator(".work").waitFor({ state: "detached" });
      await settled();
    },
  };
  const rows = [];
  for (const [name, act] of Object.entries(acts)) {
    const tasks = await tasksDuring(browser, page, act);
    rows.push([name, ms(most(tasks)), String(long(tasks))]);
  }
  await context.close();
  table(["a storm of 300 s", "longest task", "over 50 ms"], rows);
}

/** A profile of the frames: functions by self time. */
async function profile(browser, origin) {
  for (const { name, script } of situations) {
    const { context, page, cdp } = await visit(browser, origin, { prepare: countTicks });
    await page.evaluate(open, { script, speed: 6 });
    await cdp.send("Profiler.enable");
    await cdp.send("Profiler.setSamplingInterval", { interval: 200 });
    await cdp.send("Profiler.start");
    const { ticks: count } = await page.evaluate(frames, 8_000);
    const { profile } = await cdp.send("Profiler.stop");
    const byId = new Map(profile.nodes.map((node) => [node.id, node]));
    const own = new Map();
    profile.samples.forEach((id, place) => {
      const { functionName, url } = byId.get(id).callFrame;
      const key = `${functionName || "(anonymous)"} ${url.endsWith(".wasm") || url.startsWith("wasm") ? "wasm" : url.split("/").pop()}`;
      own.set(key, (own.get(key) ?? 0) + profile.timeDeltas[place] / 1e3);
    });
    const rows = [...own].sort(([, a], [, b]) => b - a).slice(0, 45);
    table([name, "ms a tick"], rows.map(([key, time]) => [key, (time / count).toFixed(3)]));
    await context.close();
  }
}

/** Runs the measurements that share a browser, if there are any. */
async function inOneBrowser(measurements) {
  if (!measurements.length) {
    return;
  }
  const browser = await launch("CHROME", "--enable-precise-memory-info");
  const server = await listen();
  for (const measure of measurements) {
    await measure(browser, `http://127.0.0.1:${server.address().port}`);
  }
  await browser.close();
  server.close();
}

const words = process.argv.slice(2);
const beside = words.filter((word) => word.includes("=")).map((word) => word.split("="));
const asked = words.filter((word) => !word.includes("="));
const wants = (name) => asked.includes(name) || (!asked.length && name !== "profile");
if (wants("start")) {
  await measureStart([...beside, ["this page", dist]], table);
}
const others = { frames: measureFrames, lines: measureLines, long: measureLong, programs: measurePrograms, session: measureSession, profile };
await inOneBrowser(Object.keys(others).filter(wants).map((name) => others[name]));
