// The monkey's actions inside the page. These functions are serialized into the page,
// so each is self-contained.

/**
 * Replaces clock, clipboard and storage with deterministic stubs: `monkey.pass`
 * advances the clock, `monkey.copied` is the clipboard, and `window.name`, which
 * survives a reload, decides whether the storage fails.
 */
export function prepare() {
  let now = 0;
  let last = 0;
  const ticking = new Map();
  globalThis.setInterval = (tick) => {
    ticking.set((last += 1), tick);
    return last;
  };
  globalThis.clearInterval = (number) => ticking.delete(number);
  performance.now = () => now;

  const monkey = { copied: "", clipboardBlocked: false };
  globalThis.monkey = monkey;
  monkey.pass = (milliseconds) => {
    now += milliseconds;
    [...ticking.values()].forEach((tick) => tick());
  };
  // Long enough for a file to be read and for the page to be drawn.
  monkey.settle = () => new Promise((done) => setTimeout(done));

  Object.defineProperty(navigator.clipboard, "writeText", {
    value: (text) => {
      monkey.copied = text;
      return monkey.clipboardBlocked ? Promise.reject(new Error("not allowed")) : Promise.resolve();
    },
  });
  for (const [name, mode] of [["setItem", "full"], ["getItem", "locked"]]) {
    const original = Storage.prototype[name];
    Storage.prototype[name] = function (...values) {
      if (window.name === mode || window.name === "broken") {
        throw new DOMException("no room", "QuotaExceededError");
      }
      return original.apply(this, values);
    };
  }
}

/** The state of the run as the page shows it. */
export function readState() {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const roles = ["follower", "pre-candidate", "candidate", "leader", "down"];
  const text = (element) => element?.textContent ?? "";
  // “1.234 s”, “5:00.272” or “1:05:00.272” in seconds.
  const seconds = (moment) => moment.split(":").reduce((sum, part) => 60 * sum + parseFloat(part), 0);
  return {
    clock: seconds(text(document.querySelector("output.clock"))),
    rules: text(document.querySelector("header .rules")),
    rows: all(".logs tbody tr").map((row) => [
      ...roles.filter((role) => row.classList.contains(role)),
      ...all("th, td:not(.entries)", row).map(text),
      ...all("button.entry", row).map((entry) => entry.getAttribute("aria-label")),
    ]),
    // Servers with terms and votes, links, and messages in flight.
    stage: all("#stage [role=button]").map((one) => one.getAttribute("aria-label")),
    stopped: text(document.querySelector("body > [role=alert]")),
  };
}

/** Shows one future and the ends of its logs, and returns the script in the share dialog. */
export async function readScript() {
  document.querySelector("dialog[open] .dialog-head button")?.click();
  await monkey.settle();
  document.querySelector(".difference > button:last-of-type")?.click();
  await monkey.settle();
  document.querySelector(".logs .pages button:last-child:not([disabled])")?.click();
  [...document.querySelectorAll("header button")].find((one) => /^(Share|分享)$/.test(one.textContent)).click();
  await monkey.settle();
  const script = document.querySelector("dialog textarea").value;
  document.querySelector("dialog .dialog-head button").click();
  await monkey.settle();
  return script;
}

/** Drops a script on a new page, and seeks to its end. */
export async function replay(script) {
  const press = (key) =>
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  const files = new DataTransfer();
  files.items.add(new File([script], "run.hust"));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
  const isPlaying = () => document.querySelector(".timebar .primary path").getAttribute("d").startsWith("M5 3h4");
  // A new page plays until the file has been opened, which pauses it.
  for (let wait = 0; wait < 2_000 && isPlaying(); wait += 1) {
    await monkey.settle();
  }
  press("End");
  await monkey.settle();
}

/**
 * Performs `count` random actions, the same for the same seed. Each is logged on the
 * console before it is performed.
 */
export async function play({ seed, count, scripts }) {
  // mulberry32
  let state = seed >>> 0;
  const roll = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end) => Math.floor(roll() * end);
  const chance = (probability) => roll() < probability;
  const pick = (list) => list[below(list.length)];
  const server = () => `S${1 + below(chance(0.9) ? 5 : 10)}`;
  const link = () => `${server()}${pick(["->", "->", "-"])}${server()}`;
  const span = () => `${pick([0, 1, 7, 15, 50, 150, 1_000, 20_000, 3_600_001])}${pick(["ms", "ms", "s", ""])}`;
  const kind = () => pick(["RequestVote", "RequestVoteReply", "AppendEntries", "AppendEntriesReply", "PreVote", "PreVoteReply", "TimeoutNow", ""]);
  const oddText = () =>
    pick(["", " ", "\0", "-1", "0", "1", "9", "10", "300", "18446744073709551615", "18446744073709551616", "1e9", "ms", "5..4", "1..2", "0..0", "100%", "101%", "NaN", "💥", "\u202e\"\\", "S1", "x".repeat(2_000), "branch 2", "main", "<b>", "一二三"]);
  const condition = () =>
    pick([
      () => "leader",
      () => `${below(4)} leaders`,
      () => `${server()} is ${pick(["follower", "candidate", "pre-candidate", "leader", "king"])}`,
      () => `term ${below(30)}`,
      () => `committed ${below(10)}`,
      () => `delivered ${kind()} ${chance(0.5) ? link() : ""}`,
      () => "violation",
      () => "quiet",
    ])();
  const line = () =>
    pick([
      () => `timeout ${server()} ${pick(["", "", "election", "heartbeat", "check-quorum", "transfer"])}`,
      () => `deliver ${link()} ${kind()}`,
      () => `deliver ${link()} nth=${below(3)} if any`,
      () => `${pick(["drop", "duplicate", "hold", "release"])} ${link()} ${kind()}`,
      () => `delay ${link()} ${span()}`,
      () => pick(["deliver all", "drop all", `drop to ${server()}`, `drop from ${server()}`, `drop ${link()} all`]),
      () => `send RequestVote ${link()} term=${below(30)} last=${below(5)}:${below(5)}`,
      () => `send AppendEntries ${link()} term=${below(30)} prev=${below(4)}:${below(4)} entries=${below(9)},${below(9)} commit=${below(6)}`,
      () => `send ${pick(["RequestVoteReply", "PreVoteReply"])} ${link()} term=${below(30)} granted=${pick(["yes", "no"])}`,
      () => `send AppendEntriesReply ${link()} term=${below(30)} success=${pick(["yes match=", "no hint="])}${below(9)}`,
      () => `send TimeoutNow ${link()} term=${below(30)}`,
      () => `${pick(["crash", "restart", "pause", "resume", "isolate"])} ${server()}`,
      () => `${pick(["cut", "mend"])} ${link()}`,
      () => `partition ${server()} ${server()} | ${server()}`,
      () => "heal",
      () => `latency ${link()} ${below(90)}..${below(200)}ms`,
      () => `clock ${server()} ${below(1_100)}%`,
      () => `disk ${server()} ${below(50)}..${below(90)}ms`,
      () => `propose ${server()} "${oddText().replace(/["\\]/g, "\\$&")}"`,
      () => `transfer ${server()} to ${server()}`,
      () => `member ${pick(["add", "remove"])} ${server()} at ${server()}`,
      () => `note "${pick(["here", "there", "\\u{202e}"])}"`,
      () => `wait ${span()}`,
      () => `run ${span()}`,
      () => `run until ${condition()} within ${span()}`,
      () => "step",
      () => `at ${span()} crash ${server()}`,
      () => `expect ${server()} leader`,
      () => `break ${oddText()}`,
      oddText,
    ])();

  const shown = (selector, root = document) => [...root.querySelectorAll(selector)].filter((one) => one.getClientRects().length > 0);
  const name = (element) => {
    const label = element.getAttribute("aria-label") ?? element.textContent;
    return `${element.tagName.toLowerCase()} “${label.trim().slice(0, 60)}”`;
  };
  const log = (what) => console.debug(`monkey: ${what}`);
  const send = (element, event) => element.dispatchEvent(event);
  const bubbling = { bubbles: true, cancelable: true };
  const press = (key, shiftKey = false, target = document.activeElement ?? document.body) => {
    log(`key ${JSON.stringify(key)}${shiftKey ? " with shift" : ""} on ${target.tagName}`);
    send(target, new KeyboardEvent("keydown", { key, shiftKey, ...bubbling }));
  };
  const type = (field, text) => {
    log(`type ${JSON.stringify(text.slice(0, 200))} into ${name(field)}`);
    field.value = text;
    send(field, new InputEvent("input", bubbling));
    send(field, new Event("change", bubbling));
  };
  // A modal dialog takes all clicks.
  const reachable = () => document.querySelector("dialog[open]") ?? document;

  const click = () => {
    const what = pick(shown("button, [role=button], summary, tbody tr, input[type=checkbox]", reachable()));
    if (!what || what.disabled) {
      return;
    }
    log(`click ${name(what)}`);
    send(what, new PointerEvent("pointerenter"));
    what.dispatchEvent(new MouseEvent("click", { ...bubbling, detail: below(2) }));
    if (chance(0.3)) {
      send(what, new PointerEvent("pointerleave"));
    }
  };
  const fill = () => {
    const what = pick(shown("input[type=text], input:not([type]), input[type=search], input[type=range], select", reachable()));
    if (!what) {
      return;
    }
    if (what.tagName === "SELECT") {
      what.selectedIndex = below(what.options.length);
      log(`choose ${what.selectedIndex} of ${name(what)}`);
      send(what, new Event("change", bubbling));
    } else if (what.type === "range") {
      type(what, String(below(Number(what.max) + 1)));
    } else {
      type(what, chance(0.3) ? condition() : oddText());
    }
  };
  const keys = [..." .uUhHaAsSrRtTcCpPiIbBgGlL/?123456789", "ArrowRight", "ArrowLeft", "PageDown", "PageUp", "Home", "End", "Escape", "Enter", "Tab", "ArrowUp", "ArrowDown", "F1", "F6", "Dead", "é"];
  const key = () => press(pick(keys), chance(0.2));
  const command = async () => {
    if (reachable() !== document) {
      return;
    }
    press("/", false, document.body);
    await monkey.settle();
    const field = document.querySelector("#command-line");
    if (field) {
      const text = line();
      type(field, text);
      await monkey.settle();
      press(chance(0.1) ? "Tab" : "Enter", false, field);
      await monkey.settle();
      if (chance(0.3)) {
        press("Escape", false, field);
      }
    }
  };
  const diagram = () => {
    const drawing = pick(shown("#timeline, #overview, .splitter"));
    if (!drawing) {
      return;
    }
    const { left, top, width, height } = drawing.getBoundingClientRect();
    const at = (extra = {}) => ({ clientX: left + roll() * width, clientY: top + roll() * height, ...bubbling, ...extra });
    const what = pick(["move", "seek", "seek", "seek", "drag", "wheel", "leave"]);
    const place = at();
    log(`${what} ${drawing.id || drawing.className} at ${Math.round(place.clientX)}, ${Math.round(place.clientY)}`);
    if (what === "move") {
      send(drawing, new PointerEvent("pointermove", place));
    } else if (what === "wheel") {
      send(drawing, new WheelEvent("wheel", { ...place, deltaY: below(200) - 100, deltaX: chance(0.3) ? below(200) - 100 : 0 }));
    } else if (what === "leave") {
      send(drawing, new PointerEvent("pointerleave", place));
    } else {
      send(drawing, new PointerEvent("pointerdown", place));
      const end = what === "drag" ? at() : place;
      send(drawing, new PointerEvent("pointermove", end));
      send(drawing, new PointerEvent("pointerup", end));
    }
  };
  const time = () => {
    const frames = 1 + below(chance(0.1) ? 200 : 20);
    log(`${frames} frames pass`);
    for (let frame = 0; frame < frames; frame += 1) {
      monkey.pass(16);
    }
  };
  // Drags a server out of the ring, to another server, or hardly at all.
  const drag = async () => {
    const what = pick(shown("#stage .server"));
    if (reachable() !== document || !what) {
      return;
    }
    const { left, top, width, height } = document.querySelector("#stage").getBoundingClientRect();
    const from = what.getBoundingClientRect();
    const at = (clientX, clientY) => ({ clientX, clientY, pointerId: 1, ...bubbling });
    const start = at(from.left + from.width / 2, from.top + from.height / 2);
    const end = at(left + (roll() * 1.6 - 0.3) * width, top + (roll() * 1.6 - 0.3) * height);
    log(`drag ${name(what)} to ${Math.round(end.clientX)}, ${Math.round(end.clientY)}`);
    for (const [kind, place] of [
      ["pointerenter", start],
      ["pointerdown", start],
      ["pointermove", end],
      [pick(["pointerup", "pointerup", "pointerup", "pointercancel", "pointerleave"]), end],
    ]) {
      send(what, new PointerEvent(kind, place));
      // The drop position depends on what has been rendered.
      await monkey.settle();
    }
  };
  // Language, projector; the menu with the theme and more; the views of a narrow screen.
  const setting = async () => {
    const menu = document.querySelector("header [aria-controls=more]");
    const all = [...document.querySelectorAll("header :is(.projector, .language), #more :is(button, select), .views input")];
    const what = pick(all.filter((one) => reachable() === document || !one.closest("#more")));
    log(`click ${name(what)} of ${what.id || "the settings"}`);
    if (!what.closest("#more")) {
      what.click();
      return;
    }
    menu.click();
    await monkey.settle();
    if (what.tagName === "SELECT") {
      what.selectedIndex = below(what.options.length);
      send(what, new Event("change", bubbling));
    } else {
      what.click();
    }
  };
  // What is offered for something on the stage or in the logs.
  const offer = async () => {
    const what = pick(shown("#stage [role=button], .logs button.entry, .logs tbody tr"));
    if (reachable() !== document || !what) {
      return;
    }
    log(`choose ${name(what)}`);
    send(what, new MouseEvent("click", { ...bubbling, detail: below(2) }));
    await monkey.settle();
    const offered = pick(shown("#stage-menu button, .inspector :is(button, summary)"));
    if (offered) {
      log(`click ${name(offered)}`);
      offered.click();
    }
  };
  const sleep = () => {
    log("the tab is hidden for an hour");
    send(document, new Event("visibilitychange"));
    monkey.pass(3_600_000);
  };
  const file = async () => {
    const content = pick([
      () => pick(scripts),
      () => pick(scripts),
      () => Array.from({ length: 20 }, line).join("\n"),
      () => `cluster ${below(11)}\nseed ${oddText()}\nbreak ${oddText()}\n${line()}`,
      () => pick(scripts).slice(0, below(600)),
      () => "",
      () => "x".repeat(1_100_000),
      () => new Uint8Array([0xff, 0xfe, 0, 1, 0xc3]),
    ])();
    log(`drop a file: ${JSON.stringify(String(content).slice(0, 300))}`);
    const files = new DataTransfer();
    const one = new File([content], "any.hust");
    files.items.add(one);
    const input = document.querySelector("dialog[open] input[type=file]");
    if (input) {
      input.files = files.files;
      send(input, new Event("change", bubbling));
    } else {
      send(document.body, new DragEvent("dragover", { dataTransfer: files, ...bubbling }));
      send(document.body, new DragEvent("drop", { dataTransfer: files, ...bubbling }));
    }
    await one.text();
    await monkey.settle();
  };
  const address = async () => {
    press("l", false, document.body);
    const known = monkey.copied.split("#")[1] ?? "";
    const damaged = () => known.slice(0, below(known.length)) + pick(["", "A", "_", "%"]) + known.slice(below(known.length));
    const hash = pick([() => known, damaged, damaged, () => oddText().slice(0, 200), () => "seed=7", () => "A".repeat(100_001)])();
    log(`the address ends in #${hash.slice(0, 200)}`);
    const before = location.href;
    const changed = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    location.hash = hash;
    // The event is asynchronous, and is not sent if the address is unchanged.
    await (location.href === before || changed);
  };
  const storage = () => {
    window.name = pick(["", "", "full", "locked", "broken"]);
    monkey.clipboardBlocked = chance(0.3);
    log(`storage ${window.name || "works"}, clipboard ${monkey.clipboardBlocked ? "blocked" : "works"}`);
  };
  const close = () => {
    const cross = document.querySelector("dialog[open] .dialog-head button");
    if (cross) {
      log("close the dialog");
      cross.click();
    }
  };
  const setup = async () => {
    if (reachable() !== document) {
      return;
    }
    document.querySelector("header .rules").click();
    while (!document.querySelector("dialog[open] form")) {
      await monkey.settle();
    }
    const form = document.querySelector("dialog form");
    const fields = shown("input", form);
    for (let change = below(4); change >= 0; change -= 1) {
      const field = pick(fields);
      if (field.type === "checkbox") {
        log(`tick ${field.closest("label").textContent.slice(0, 40)}`);
        field.click();
      } else {
        type(field, chance(0.5) ? String(1 + below(9)) : oddText());
      }
      await monkey.settle();
    }
    const submit = form.querySelector("[type=submit]");
    log(`start a new run: ${submit.disabled ? "not allowed" : "go"}`);
    submit.click();
    await monkey.settle();
    close();
  };
  const weighted = [[24, click], [20, key], [16, command], [10, diagram], [14, time], [6, fill], [2, close], [2, setup], [1, file], [1, address], [1, storage], [1, sleep], [5, drag], [2, setting], [5, offer]];
  const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
  for (let done = 0; done < count; done += 1) {
    let rest = below(total);
    const [, act] = weighted.find(([weight]) => (rest -= weight) < 0);
    await act();
    await monkey.settle();
    if (!document.querySelector("#stage")) {
      return;
    }
  }
}
