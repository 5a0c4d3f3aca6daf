// Finds elements in the page by what a person knows of them. It runs in the page, beside
// axe-core, which knows roles and names: see `stock.mjs`.

globalThis.aid = (() => {
  const { aria, dom, text } = axe.commons;
  const normal = (words) => (words ?? "").replace(/\s+/g, " ").trim();

  /** Whether a text is the wanted one; it is part of it unless it is to be exact. */
  function fits(found, { text, pattern, flags, exact }) {
    const shown = normal(found);
    if (pattern !== undefined) {
      return new RegExp(pattern, flags).test(shown);
    }
    return exact ? shown === normal(text) : shown.toLowerCase().includes(normal(text).toLowerCase());
  }

  const all = (root) => [...root.querySelectorAll("*")];

  /** The texts by which an element is labelled. */
  function labels(element) {
    const ids = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
    const elsewhere = ids.map((id) => document.getElementById(id)).concat(...(element.labels ?? []));
    return [element.getAttribute("aria-label"), ...elsewhere.map((it) => it?.textContent)].filter((it) => it != null);
  }

  const isText = (element) => !/^(script|style|noscript)$/i.test(element.localName);

  const ways = {
    role: (root, { role, name, level }) =>
      all(root).filter((it) =>
        aria.getRole(it) === role &&
        dom.isVisibleToScreenReaders(it) &&
        (level === undefined || it.localName === `h${level}`) &&
        (name === undefined || fits(text.accessibleText(it), name))),
    label: (root, words) => all(root).filter((it) => labels(it).some((label) => fits(label, words))),
    title: (root, words) => all(root).filter((it) => it.hasAttribute("title") && fits(it.title, words)),
    text: (root, words) => {
      const has = (it) => isText(it) && fits(it.textContent, words);
      const self = root instanceof Element && has(root) ? [root] : [];
      return [...self, ...all(root).filter(has)].filter((it) => ![...it.children].some(has));
    },
    css: (root, { selector }) => [...root.querySelectorAll(selector)],
  };

  /** The elements at the end of a chain of steps. */
  function follow(steps, from = [document]) {
    return steps.reduce((found, step) => {
      switch (step.by) {
        case "nth":
          return found.slice(step.place, step.place + 1 || undefined);
        case "hasText":
          return found.filter((it) => fits(it.textContent, step));
        case "has":
          return found.filter((it) => follow(step.steps, [it]).length > 0);
        case "and": {
          const others = follow(step.steps);
          return found.filter((it) => others.includes(it));
        }
        default:
          return [...new Set(found.flatMap((root) => ways[step.by](root, step)))];
      }
    }, from);
  }

  function find(steps) {
    axe.setup(document.documentElement);
    try {
      return follow(steps);
    } finally {
      axe.teardown();
    }
  }

  function isVisible(element) {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(element).visibility === "visible";
  }

  /** Whether the elements of a chain are in a state. */
  function is(steps, state) {
    const found = find(steps);
    switch (state) {
      case "attached":
        return found.length === 1;
      case "visible":
        return found.length === 1 && isVisible(found[0]);
      case "hidden":
        return !found.some(isVisible);
      case "detached":
        return found.length === 0;
    }
  }

  /** The element of a chain, if there is exactly one that can be used. */
  function usable(steps) {
    const [element, ...others] = find(steps);
    const can = element && others.length === 0 && isVisible(element) && !element.matches(":disabled, [aria-disabled=true]");
    return can ? element : undefined;
  }

  const frame = () => new Promise(requestAnimationFrame);

  /** Where to click: the middle of an element that stands still and that nothing covers. */
  async function aim(steps) {
    const element = usable(steps);
    if (!element) {
      return null;
    }
    const middle = () => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: Math.round(left + width / 2), y: Math.round(top + height / 2) };
    };
    const before = middle();
    await frame();
    const { x, y } = middle();
    const hit = document.elementFromPoint(x, y);
    if (hit && (element.contains(hit) || element === hit.closest("label")?.control)) {
      return x === before.x && y === before.y ? { x, y } : null;
    }
    element.scrollIntoView({ block: "center", inline: "center" });
    return null;
  }

  /** Moves the focus to an element, whose text is selected then. */
  function focus(steps) {
    const element = usable(steps);
    element?.focus();
    element?.select?.();
    return element !== undefined && element.contains(document.activeElement);
  }

  /** Sets what no key sets at once: a slider, or the choice of a list. */
  function set(steps, value) {
    const element = usable(steps);
    if (!element) {
      return false;
    }
    element.value = value;
    for (const kind of ["input", "change"]) {
      element.dispatchEvent(new Event(kind, { bubbles: true }));
    }
    return true;
  }

  return { aim, find, focus, is, set };
})();
