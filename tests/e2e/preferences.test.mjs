// System preferences: reduced motion, forced colours, larger type, language.

import assert from "node:assert/strict";
import { journey, picture, start } from "./harness.mjs";
import { atStart, button, entry, message, onStage, onlyLeader, press, runLines } from "./page.mjs";

/** A candidate beside a leader, a server that is down, cut links, messages that are lost, held and forged, entries committed and not. */
async function busyCluster(page) {
  await atStart(page);
  await runLines(page, "timeout S1", "run 60ms", "crash S5", "partition S1 S2 | S3 S4 S5", "mend S2->S3", 'propose S1 "x=1"', "timeout S3", "hold S1->S2", "send AppendEntries S4->S3 term=1 prev=0:0 entries=none commit=0");
  await page.getByRole("button", { name: /^S3(, candidate, term|，候选人，任期) 2/ }).waitFor();
}

journey("nothing is animated with reduced motion", { reducedMotion: "reduce" }, async ({ page }) => {
  await press(page, "Space");
  await onlyLeader(page);
  await button(page, "Pause").hover();
  const moving = () =>
    page.evaluate(() => {
      const isAnimated = (style) => [style.transitionDuration, style.animationDuration].some((it) => it.split(", ").some((time) => parseFloat(time) > 0));
      return [...document.querySelectorAll("*")].filter((it) => isAnimated(getComputedStyle(it))).map((it) => it.outerHTML.slice(0, 80));
    });
  assert.deepEqual(await moving(), []);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.notDeepEqual(await moving(), []);
});

/** The number of updates of the page's clock within some milliseconds. */
async function clockUpdates(page, milliseconds) {
  const clock = page.getByLabel("Simulated time");
  let [count, before] = [0, await clock.innerText()];
  for (let passed = 0; passed < milliseconds; passed += 16) {
    await page.clock.runFor(16);
    const now = await clock.innerText();
    count += now === before ? 0 : 1;
    before = now;
  }
  return count;
}

journey("with reduced motion the clock advances two or three times a second", { everyFrame: true }, async ({ page }) => {
  for (const [reducedMotion, least, most] of [["no-preference", 10, 60], ["reduce", 1, 3]]) {
    await page.emulateMedia({ reducedMotion });
    await page.clock.install();
    await page.reload();
    // The restored run plays or is paused, depending on how far it had come.
    await button(page, "Step").waitFor();
    // The timers of the page are the clock's, so that nothing can wait for what is drawn.
    await page.keyboard.press("Home");
    await page.keyboard.press("Space");
    await button(page, "Pause").waitFor();
    // From now on, no time passes but by the test.
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 2000));
    const count = await clockUpdates(page, 960);
    assert(least <= count && count <= most, `${reducedMotion}: ${count}`);
  }
});

journey("with forced colours, states differ by more than colour", { forcedColors: "active" }, async ({ page }) => {
  await busyCluster(page);
  /** An element's computed style, except its colours. */
  const styleOf = (thing) =>
    thing.evaluate((element) => {
      const of = (it) => {
        const style = getComputedStyle(it);
        const names = ["borderTopStyle", "borderTopWidth", "outlineStyle", "outlineWidth", "textDecorationLine", "fontWeight"];
        const drawn = ["strokeWidth", "strokeDasharray"];
        const shape = it.closest("svg") ? [it.tagName, it.classList.contains("body") && it.getAttribute("d"), ...drawn.map((name) => style[name])] : [];
        return [...names.map((name) => style[name]), ...shape];
      };
      return JSON.stringify([of(element), ...[...element.querySelectorAll("*")].map(of)]);
    });
  const differ = async (one, other, what) => assert.notEqual(await styleOf(one), await styleOf(other), what);

  const link = (name) => page.getByRole("button", { name });
  await differ(link("Link S1 to S2, whole"), link("Link S1 to S3, cut"), "a link that is cut");
  await differ(link("Link S1 to S2, whole"), link("Link S2 to S3, cut one way"), "a link that is cut one way");
  await differ(onStage(page, "S2"), onStage(page, "S1"), "a leader");
  await differ(onStage(page, "S2"), onStage(page, "S3"), "a candidate");
  await differ(onStage(page, "S2"), onStage(page, "S5"), "a server that is down");
  await differ(entry(page, "S1", 1), entry(page, "S1", 2), "an entry that is not committed");
  const request = (to) => message(page, "RequestVote", "S3", to);
  await differ(request("S1"), request("S4"), "a message that will be lost");
  await differ(message(page, "AppendEntries", "S1", "S2").first(), request("S4"), "a message that is held");

  const whole = await styleOf(onStage(page, "S2"));
  await onStage(page, "S2").click();
  assert.notEqual(await styleOf(onStage(page, "S2")), whole, "a server that is chosen");
  const events = page.getByLabel("Events").getByRole("button");
  await events.first().click();
  await differ(events.first(), events.nth(1), "an event that is chosen");
  await press(page, "Escape");
  await picture(page, "forced colours");
});

journey("with forced colours, the focused element is marked", { forcedColors: "active" }, async ({ page }) => {
  await atStart(page);
  await press(page, "1", "t");
  for (const thing of [onStage(page, "S2"), page.getByRole("button", { name: "Link S1 to S2, whole" }), message(page, "RequestVote", "S1", "S2")]) {
    const shot = () => thing.evaluate((it) => getComputedStyle(it.querySelector(".body, .wire, .shape")).strokeWidth);
    const before = await shot();
    await thing.focus();
    assert.notEqual(await shot(), before);
  }
});

journey("with forced colours, only system colours are used", { forcedColors: "active", colorScheme: "dark" }, async ({ page }) => {
  await busyCluster(page);
  await page.mouse.move(0, 0);
  await picture(page, "dark forced colours");
  const otherColours = await page.evaluate(() => {
    const system = ["Canvas", "CanvasText", "Highlight"].map((name) => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.forcedColorAdjust = "none";
      probe.style.color = name;
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    });
    const painted = ({ fill, stroke }) => [fill, stroke].filter((it) => it.startsWith("rgb(") && !system.includes(it));
    const drawn = document.querySelectorAll("#stage *, #timeline *");
    return [...drawn].flatMap((it) => painted(getComputedStyle(it)).map((paint) => `${it.tagName} ${it.getAttribute("class")}: ${paint}`));
  });
  // Groups paint nothing themselves.
  assert.deepEqual(otherColours.filter((it) => !it.startsWith("g ")), []);
});

/** Controls that cannot be scrolled into view completely, or are covered there. */
const hiddenControls = () => {
  const controls = [...document.querySelectorAll("dialog[open] :is(button, select, input, textarea), body:not(:has(dialog[open])) :is(button, select, input, textarea)")];
  const hidden = [];
  for (const control of controls.filter((it) => it.checkVisibility() && !it.closest(".visually-hidden, svg"))) {
    control.scrollIntoView({ block: "center", inline: "nearest" });
    const { left, top, right, bottom, width, height } = control.getBoundingClientRect();
    const there = document.elementFromPoint(left + width / 2, top + height / 2);
    const isThere = control.contains(there) || control.labels?.[0]?.contains(there);
    const covered = !isThere && (there?.outerHTML.slice(0, 120) ?? "outside");
    // A script may be longer than a small screen is high.
    const inside = left >= 0 && top >= -1 && right <= innerWidth + 1 && (bottom <= innerHeight + 1 || control.tagName === "TEXTAREA");
    // An entry's content is truncated; its accessible name is complete.
    const whole = control.tagName !== "BUTTON" || control.classList.contains("entry") || control.scrollWidth <= control.clientWidth + 1;
    if (covered || !inside || !whole) {
      hidden.push([control.getAttribute("aria-label") ?? control.textContent, { covered, inside, whole, left, right, top, bottom }]);
    }
  }
  scrollTo(0, 0);
  return hidden;
};

const horizontalOverflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const sizes = {
  "at 200 % on a screen of 1280 by 720": { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 },
  "at 400 % on a screen of 1280 by 1024": { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 },
  "at 1280 by 720": { viewport: { width: 1280, height: 720 } },
  "on a phone in Chinese": { viewport: { width: 390, height: 844 }, locale: "zh-CN" },
};

for (const [size, options] of Object.entries(sizes)) {
  journey(`nothing is cut off or covered ${size}`, options, async ({ page }) => {
    await busyCluster(page);
    await press(page, "Escape", "1");
    await page.locator("#stage-menu[style]").waitFor();
    assert.equal(await horizontalOverflow(page), 0);
    assert.deepEqual(await page.evaluate(hiddenControls), []);
    await picture(page, `page ${size}`);
    for (const key of ["g", "b", "?"]) {
      await press(page, key);
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await page.evaluate(hiddenControls), []);
      assert.equal(await horizontalOverflow(page), 0);
      await picture(page, `dialog ${key === "?" ? "help" : key} ${size}`);
      await press(page, "Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
    for (const opener of [/^(Set-up|设置)$/, /^(Share|分享)$/, /^(Branches|分支) ?\d/]) {
      await page.getByRole("button", { name: opener }).press("Enter");
      await page.getByRole("dialog").waitFor();
      assert.deepEqual(await page.evaluate(hiddenControls), []);
      assert.equal(await horizontalOverflow(page), 0);
      await press(page, "Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    }
  });
}

const hasLanguage = async (page, lang, scenarios) => {
  await button(page, scenarios).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), lang);
};

journey("a Chinese browser gets the page in Chinese, and a reload keeps the chosen language", { locale: "zh-CN" }, async ({ page }) => {
  await hasLanguage(page, "zh-CN", "场景");
  await button(page, "English").click();
  await hasLanguage(page, "en", "Scenarios");
  await page.reload();
  await hasLanguage(page, "en", "Scenarios");
  await button(page, "中文").click();
  await hasLanguage(page, "zh-CN", "场景");
});

journey("a browser of an unsupported language gets the page in English", { locale: "fr-FR" }, async ({ page, context }) => {
  await hasLanguage(page, "en", "Scenarios");
  await button(page, "中文").click();
  await hasLanguage(page, "zh-CN", "场景");
  const other = await context.newPage();
  await start(other, page.url());
  await hasLanguage(other, "zh-CN", "场景");
});

journey("text in the other language has a lang attribute", async ({ page }) => {
  assert.equal(await button(page, "中文").getAttribute("lang"), "zh-CN");
  await button(page, "中文").click();
  assert.equal(await button(page, "English").getAttribute("lang"), "en");
});
