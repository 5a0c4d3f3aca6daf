// A page in Firefox or WebKit for journeys: Playwright's words, as far as those journeys
// use them that run everywhere.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";

/** Timeout of each wait, in milliseconds. */
const waitTimeout = 30_000;

/** Keys that are no characters (https://www.w3.org/TR/webdriver2/#keyboard-actions). */
const keys = {
  Backspace: "\uE003", Tab: "\uE004", Enter: "\uE007", Shift: "\uE008", Control: "\uE009", Escape: "\uE00C",
  Space: " ", PageUp: "\uE00E", PageDown: "\uE00F", End: "\uE010", Home: "\uE011", ArrowLeft: "\uE012",
  ArrowUp: "\uE013", ArrowRight: "\uE014", ArrowDown: "\uE015", Delete: "\uE017",
};

/** The file that the page loads before its own. */
export const aidFile = "aid.js";

/** A browser with a profile of its own; its pages are windows. */
export class Context {
  #scripts = [];
  #pages = [];
  #current;

  /** `call` sends a command of WebDriver to the browser. */
  constructor(call) {
    this.call = call;
    this.addInitScript(watch);
    this.addInitScript(rememberCopied);
  }

  /** Runs a function in each page before the page's own. */
  addInitScript(run, argument) {
    const script = `(${run})(${JSON.stringify(argument) ?? ""});`;
    if (!this.#scripts.includes(script)) {
      this.#scripts.push(script);
    }
  }

  /** A request handler that has the page load the aid and the scripts. */
  aided(handler) {
    return async (name, tools) => {
      if (name === aidFile) {
        const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
        const files = [axe, new URL(aidFile, import.meta.url)];
        const sources = await Promise.all(files.map((file) => readFile(file, "utf8")));
        return [...sources, ...this.#scripts].join("\n");
      }
      const body = await handler(name, tools);
      return name === "index.html" ? String(body).replace("<meta", `<script src="${aidFile}"></script><meta`) : body;
    };
  }

  /** Opens a page of a size. */
  async newPage({ width = 1280, height = 720 } = {}) {
    const first = this.#current === undefined;
    const handle = first ? await this.call("GET", "/window") : (await this.call("POST", "/window/new", { type: "window" })).handle;
    const page = new Page(this, handle);
    await page.resize(width, height);
    this.#pages.push(page);
    return page;
  }

  /** The errors of all pages, and the violations of their Content-Security-Policy. */
  async faults() {
    const found = [];
    for (const page of this.#pages) {
      found.push(...(await page.evaluate(() => globalThis.faults)));
    }
    return found;
  }

  /** Has the commands that follow go to a page. */
  async turnTo(handle) {
    if (this.#current !== handle) {
      await this.call("POST", "/window", { handle });
      this.#current = handle;
    }
  }

  close() {
    return this.call("DELETE", "");
  }
}

/** Collects the page's faults; a request to another origin violates its policy. */
function watch() {
  const faults = (globalThis.faults = []);
  const { error } = console;
  console.error = (...said) => {
    faults.push(`console error: ${said.join(" ")}`);
    error.apply(console, said);
  };
  addEventListener("error", (event) => faults.push(`uncaught error: ${event.message}\n${event.error?.stack}`), true);
  addEventListener("unhandledrejection", ({ reason }) => faults.push(`uncaught error: ${reason}\n${reason?.stack}`));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    faults.push(`policy violated: ${violatedDirective} ${blockedURI}`));
}

/** Has the page read what it has copied: a browser would ask the visitor first. */
function rememberCopied() {
  const { clipboard } = navigator;
  const write = clipboard.writeText.bind(clipboard);
  let copied = "";
  clipboard.writeText = async (text) => {
    await write(text);
    copied = text;
  };
  clipboard.readText = async () => copied;
}

/** What can be looked for in a page, and in each part of it. */
class Place {
  constructor(page, steps) {
    this.page = page ?? this;
    this.steps = steps;
  }

  #then(step) {
    return new Locator(this.page, [...this.steps, step]);
  }

  getByRole(role, { name, exact, level } = {}) {
    return this.#then({ by: "role", role, level, name: name === undefined ? undefined : words(name, exact) });
  }

  getByLabel(label, { exact } = {}) {
    return this.#then({ by: "label", ...words(label, exact) });
  }

  getByText(text, { exact } = {}) {
    return this.#then({ by: "text", ...words(text, exact) });
  }

  getByTitle(title, { exact } = {}) {
    return this.#then({ by: "title", ...words(title, exact) });
  }

  locator(selector) {
    return this.#then({ by: "css", selector });
  }

  filter({ hasText, has }) {
    return this.#then(has ? { by: "has", steps: has.steps } : { by: "hasText", ...words(hasText) });
  }

  and(other) {
    return this.#then({ by: "and", steps: other.steps });
  }

  nth(place) {
    return this.#then({ by: "nth", place });
  }

  first() {
    return this.nth(0);
  }

  last() {
    return this.nth(-1);
  }
}

/** A text or a regular expression, as the aid takes it. */
const words = (wanted, exact = false) =>
  wanted instanceof RegExp ? { pattern: wanted.source, flags: wanted.flags } : { text: wanted, exact };

class Page extends Place {
  #context;
  #handle;

  constructor(context, handle) {
    super(undefined, []);
    this.#context = context;
    this.#handle = handle;
    this.keyboard = {
      press: (combination) => this.#act("key", pressed(combination.split(/(?<=.)\+/).map((key) => keys[key] ?? key))),
      type: (text) => this.#act("key", [...text].flatMap((key) => pressed([key]))),
    };
    let at = { x: 0, y: 0 };
    this.mouse = {
      move: async (x, y, { steps = 1 } = {}) => {
        const from = at;
        at = { x, y };
        const share = (a, b, step) => Math.round(a + ((b - a) * step) / steps);
        await this.#act("pointer", Array.from({ length: steps }, (_, step) => (
          { type: "pointerMove", duration: 20, x: share(from.x, x, step + 1), y: share(from.y, y, step + 1) }
        )));
      },
      down: () => this.#act("pointer", [{ type: "pointerDown", button: 0 }]),
      up: () => this.#act("pointer", [{ type: "pointerUp", button: 0 }]),
    };
  }

  async call(method, path, body) {
    await this.#context.turnTo(this.#handle);
    return this.#context.call(method, path, body);
  }

  addInitScript(run, argument) {
    this.#context.addInitScript(run, argument);
  }

  goto(url) {
    return this.call("POST", "/url", { url });
  }

  /** The result of a function that runs in the page. */
  async evaluate(run, ...args) {
    const script = `
      const args = [...arguments], done = args.pop();
      (async () => (${run})(...args))().then((value) => done({ value }), (error) => done({ error: String(error) }));`;
    const { value, error } = await this.call("POST", "/execute/async", { script, args });
    if (error) {
      throw new Error(error);
    }
    return value;
  }

  async #act(type, actions) {
    const sources = [{ type, id: type, actions }];
    await this.call("POST", "/actions", { actions: sources });
  }

  /** Clicks at a point. */
  click({ x, y }) {
    return this.#act("pointer", [
      { type: "pointerMove", duration: 0, x, y },
      { type: "pointerDown", button: 0 },
      { type: "pointerUp", button: 0 },
    ]);
  }

  /** Makes the window so large that the page has a size. */
  async resize(width, height) {
    const inner = () => this.evaluate(() => ({ width: innerWidth, height: innerHeight }));
    const rect = await this.call("GET", "/window/rect");
    const now = await inner();
    await this.call("POST", "/window/rect", { width: width + rect.width - now.width, height: height + rect.height - now.height });
    await until(async () => {
      const { width: w, height: h } = await inner();
      return w === width && h === height;
    }, () => `the page never was ${width} by ${height}`);
  }

  async screenshot({ path }) {
    await writeFile(path, Buffer.from(await this.call("GET", "/screenshot"), "base64"));
  }
}

const pressed = (values) => [
  ...values.map((value) => ({ type: "keyDown", value })),
  ...values.toReversed().map((value) => ({ type: "keyUp", value })),
];

async function until(holds, what) {
  const deadline = Date.now() + waitTimeout;
  for (;;) {
    const value = await holds();
    if (value) {
      return value;
    }
    assert(Date.now() < deadline, what());
    await pause(50);
  }
}

/** Elements of a page, by how they are found. */
class Locator extends Place {
  #until(run, ...args) {
    return until(
      () => this.page.evaluate(run, this.steps, ...args),
      () => `never so: ${run} of ${this.steps.map((step) => JSON.stringify(step)).join(" › ")}`,
    );
  }

  waitFor({ state = "visible" } = {}) {
    return this.#until((steps, state) => aid.is(steps, state), state);
  }

  async click() {
    await this.page.click(await this.#until((steps) => aid.aim(steps)));
  }

  focus() {
    return this.#until((steps) => aid.focus(steps));
  }

  async press(key) {
    await this.#until((steps) => {
      const [element] = aid.find(steps);
      element?.focus();
      return element?.contains(document.activeElement);
    });
    await this.page.keyboard.press(key);
  }

  async fill(text) {
    if ((await this.getAttribute("type")) === "range") {
      return this.#until((steps, value) => aid.set(steps, value), text);
    }
    await this.focus();
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.type(text);
  }

  selectOption(value) {
    return this.#until((steps, value) => aid.set(steps, value), value);
  }

  async check() {
    if (!(await this.isChecked())) {
      await this.click();
      await this.#until((steps) => aid.find(steps)[0]?.checked);
    }
  }

  /** What a function returns of the only element. */
  async evaluate(run, argument) {
    await this.waitFor({ state: "attached" });
    return this.page.evaluate(`(steps, argument) => (${run})(aid.find(steps)[0], argument)`, this.steps, argument);
  }

  isChecked() {
    return this.evaluate((element) => element.checked);
  }

  isDisabled() {
    return this.evaluate((element) => element.matches(":disabled, [aria-disabled=true]"));
  }

  inputValue() {
    return this.evaluate((element) => element.value);
  }

  innerText() {
    return this.evaluate((element) => element.innerText);
  }

  boundingBox() {
    return this.evaluate((element) => element.getBoundingClientRect().toJSON());
  }

  getAttribute(name) {
    return this.evaluate((element, name) => element.getAttribute(name), name);
  }

  count() {
    return this.page.evaluate((steps) => aid.find(steps).length, this.steps);
  }

  allInnerTexts() {
    return this.page.evaluate((steps) => aid.find(steps).map((element) => element.innerText), this.steps);
  }
}
