// The page in Chinese: every text is translated.

import assert from "node:assert/strict";
import { journey, start } from "./harness.mjs";
import { atStart, button, press, until } from "./page.mjs";

const chinese = { locale: "zh-CN" };
const line = (page) => page.getByRole("textbox", { name: "命令行" });
const onStage = (page, server) =>
  page.getByRole("group", { name: "集群" }).getByRole("button", { name: new RegExp(`^${server}，`) });
const refused = (page, what) => page.getByRole("alert").getByText(what).first().waitFor();

/** Enters lines on the command line, which stays open. */
async function enter(page, ...lines) {
  if (!(await line(page).isVisible())) {
    await press(page, "/");
  }
  for (const text of lines) {
    await line(page).fill(text);
    await line(page).press("Enter");
  }
}

/** Drops a script on the page. */
async function drop(page, text) {
  const data = await page.evaluateHandle((text) => {
    const data = new DataTransfer();
    data.items.add(new File([text], "run.hust", { type: "text/plain" }));
    return data;
  }, text);
  await page.locator("main").dispatchEvent("drop", { dataTransfer: data });
}

journey("the error for a refused command is in Chinese", chinese, async ({ page }) => {
  await atStart(page);
  for (const [lines, why] of [
    [["restart S1"], "未执行：S1 正在运行；请先使它崩溃"],
    [["crash S1", "timeout S1"], "未执行：S1 已宕机；请先重启它"],
    [["deliver S2->S3"], "未执行：没有在途的消息 S2->S3；此刻没有任何消息在途"],
    [["timeout S2", "deliver S3->S2"], "未执行：没有在途的消息 S3->S2；在途的有：S2->S"],
    [["timeout S3 heartbeat"], "未执行：S3 的心跳定时器没有运行：S3 是跟随者"],
    [["resume S2"], "未执行：S2 没有暂停"],
    [["partition S1 S2 S3 S4 S5"], "未执行：分区至少要有两组"],
  ]) {
    await enter(page, ...lines);
    await refused(page, why);
  }
});

journey("parse errors are in Chinese, with the script's keywords unchanged", chinese, async ({ page }) => {
  await atStart(page);
  for (const [text, wrong] of [
    ["crush S1", /^`crush` 不能写在这里；是否想写 `crash`？$/],
    ["crash S7", /^应为服务器 S1 至 S5，却是`S7`$/],
    ["cut S2", /^应为链路（如双向的 S1-S2 或单向的 S1->S2），却是`S2`/],
    ["wait 5", /^应为时长（如 100ms），却是`5`；是否想写 `5ms`？$/],
    ["heal S1", /^应为行尾，却是`S1`$/],
    ["crash", /^应为服务器 S1 至 S5，却是行尾；例如：`crash S1`$/],
  ]) {
    await enter(page, text);
    await refused(page, wrong);
  }
  await press(page, "Escape", "b");
  await page.getByRole("combobox", { name: "条件" }).fill("S3 is king");
  await page.getByRole("combobox", { name: "条件" }).press("Enter");
  await refused(page, /^应为`follower`、`pre-candidate`、`candidate`、`leader`、.*或`members=…`，却是`king`/);
});

journey("the error for a file is in Chinese, with line and column", chinese, async ({ page }) => {
  await atStart(page);
  await drop(page, "cluster 3\ntimeout S1\ndeliver S1->S7\n");
  await refused(page, "未执行：run.hust：第 3 行第 13 列：应为服务器 S1 至 S3，却是`S7`");
  await drop(page, "option latency 20..10ms\n");
  await refused(page, "未执行：run.hust：第 1 行第 16 列：latency 的范围 20..10ms 下限大于上限");
  await press(page, "Escape");
  assert.equal(await page.getByRole("row", { name: /^S\d / }).count(), 5);

  await drop(page, "cluster 3\nrestart S1\n");
  await refused(page, "第 2 行失败：S1 正在运行；请先使它崩溃");
  await drop(page, "cluster 3\nexpect one leader\n");
  await refused(page, "第 2 行失败：应有：one leader；实为：no leader");
  await press(page, "Escape");
  assert.equal(await page.getByRole("row", { name: /^S\d / }).count(), 3);
});

journey("the error for an invalid link is in Chinese", chinese, async ({ page }) => {
  await atStart(page);
  for (const [link, why] of [
    ["cluster+3", "无法打开该链接：链接已损坏：它不以 `;end` 结尾；请重新复制整个链接"],
    ["cluster+3;crush+S1;end", "无法打开该链接：链接的第 2 行无法读懂：`crush` 不能写在这里；是否想写 `crash`？"],
    ["cluster+3;restart+S1;end", "无法打开该链接：链接的第 2 行无法执行：S1 正在运行；请先使它崩溃"],
  ]) {
    await page.evaluate((link) => void (location.hash = link), link);
    await refused(page, why);
  }
});

journey("default branch names are in the page's language", chinese, async ({ page }) => {
  await atStart(page);
  await enter(page, "timeout S2", "run 50ms");
  await press(page, "Escape");
  await line(page).waitFor({ state: "hidden" });
  await atStart(page);
  await onStage(page, "S3").click();
  await button(page, "令 S3 超时").click();
  await page.getByRole("status").getByText("“分支 2”由此分出；原来的后续仍保存在“主线”中。").waitFor();
  await button(page, "English").click();
  await page.getByRole("combobox", { name: "Branch" }).getByText("branch 2").waitFor({ state: "attached" });
});

/** Latin words allowed in Chinese texts: names (of folders, too), units, keys, and keywords of scripts. */
const allowed = new Set(
  `Hustings Raft English RequestVote RequestVoteReply PreVote PreVoteReply AppendEntries AppendEntriesReply TimeoutNow
  S1 S2 S3 S4 S5 S6 S7 S8 S9 S a b c d e f y ms s x T C P I F L N Q V E SVG PNG G R C1 L1 Followers raft tla mmatchIndex samples logs lessons m1 m2 m3 kube-1 kube-2 kube-3 PageUp PageDown Home End Shift Tab Esc Enter Ctrl cut is crash`.split(/\s+/),
);

/** The Latin words in texts and accessible names, except in scripts. */
const latin = (page) =>
  page.evaluate(() => {
    const excluded = "code, kbd, textarea, [lang=en]";
    const texts = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walk.currentNode; node; node = walk.nextNode()) {
      const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
      if (element.closest(excluded)) {
        continue;
      }
      texts.push(...(node === element ? ["aria-label", "title", "alt"].map((it) => node.getAttribute(it) ?? "") : [node.data]));
    }
    return texts.flatMap((text) => text.replace(/`[^`]*`/g, "").match(/[A-Za-z][A-Za-z-]*\d?/g) ?? []);
  });

const code = new Set(["append-entry", "async-tasks", "lab-sheet", "message-dispatch", "return", "separate-states", "todo"]);

journey("no text is left in English", chinese, async ({ page }) => {
  const untranslated = new Map();
  const check = async (where) => {
    for (const word of await latin(page)) {
      // Broken rules and programs have the same names as in scripts, and code is quoted.
      if (!allowed.has(word) && !code.has(word) && !/-.*-/.test(word) && word !== "overwrite-uncommitted") {
        untranslated.set(word, [...(untranslated.get(word) ?? []), where]);
      }
    }
  };
  await atStart(page);
  await check("start");
  await enter(page, "timeout S1", "run 60ms", 'propose S1 "x=1"', "cut S1-S2", "hold S1->S3 if any", "pause S4", "crash S5", "run 90ms");
  await press(page, "Escape");
  for (const server of ["S1", "S4", "S5"]) {
    await onStage(page, server).click();
    await check(server);
  }
  await page.getByRole("button", { name: /^链路 S1 到 S2/ }).press("Enter");
  await check("link");
  await page.getByRole("button", { name: /的 AppendEntries：/ }).first().press("Enter");
  await check("message");
  await page.getByRole("button", { name: /^索引 1，/ }).first().press("Enter");
  await check("entry");
  for (const key of ["g", "b", "?"]) {
    await press(page, key);
    await page.getByRole("dialog").waitFor();
    if (key === "g") {
      await page.getByRole("dialog").getByText("一次顺利的选举").waitFor();
    }
    await check(key);
    await press(page, "Escape");
  }
  for (const name of ["设置", "分享"]) {
    await button(page, name).click();
    await page.getByRole("dialog").waitFor();
    await check(name);
    await press(page, "Escape");
  }
  assert.deepEqual(Object.fromEntries(untranslated), {});
});

journey("the error for an unsupported browser is in Chinese", { ...chinese, without: ["WebAssembly"] }, async ({ page }) => {
  await refused(page, "Hustings 需要 WebAssembly，而此浏览器不支持或不允许。");
  await button(page, "重新加载").waitFor();
});

journey("the error for a failed start is in the chosen language", { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  await button(page, "中文").click();
  await button(page, "English").waitFor();
  serve((name, { built }) => (name.includes("_bg.") ? undefined : built(name)));
  await page.reload();
  await refused(page, "Hustings 无法启动");
});

/** A request handler without the texts in Chinese. */
const untranslated = (name, { built }) => {
  assert.notEqual(name, "zh.txt");
  return built(name);
};

/** How often the texts in Chinese have been asked for. */
const requests = (page) =>
  page.evaluate(() => performance.getEntriesByType("resource").filter((it) => it.name.includes("/zh.txt")).length);

journey("a page in English does not ask for the texts in Chinese until that is chosen, and then once", async ({ page }) => {
  await button(page, "Scenarios").click();
  await page.getByRole("dialog").getByRole("listitem").first().waitFor();
  await press(page, "Escape");
  assert.equal(await requests(page), 0);
  for (let times = 0; times < 2; times += 1) {
    await button(page, "中文").click();
    await button(page, "English").click();
    await button(page, "Scenarios").waitFor();
  }
  assert.equal(await requests(page), 1);
});

journey("a page in Chinese waits for its texts, and shows nothing in English before", { ...chinese, serviceWorkers: "block" }, async ({ page, serve }) => {
  await page.addInitScript(() => {
    globalThis.english = 0;
    new MutationObserver(() => {
      const text = document.querySelector(".page:not(.outline)")?.innerText ?? "";
      globalThis.english += /Scenarios|Share|Events|Log|term/.test(text);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  let arrive;
  const arrival = new Promise((resolve) => (arrive = resolve));
  serve(async (name, { built }) => {
    if (name === "zh.txt") {
      await arrival;
    }
    return built(name);
  });
  // All else has come.
  await page.reload({ waitUntil: "commit" });
  await until(page, () => performance.getEntriesByType("resource").some((it) => it.name.includes("_bg.wasm") && it.responseEnd));
  assert.equal(await page.locator(".page:not(.outline)").count(), 0);
  arrive();
  await button(page, "场景").waitFor();
  assert.equal(await page.evaluate(() => globalThis.english), 0);
});

journey("a page that begins in Chinese and cannot load its texts says so in English and Chinese, and loads them when asked again", { ...chinese, faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  serve(untranslated);
  await start(page, page.url());
  await refused(page, /The texts in Chinese could not be loaded; .*无法加载中文/);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await button(page, "Scenarios").waitFor();
  serve((name, { built }) => built(name));
  await button(page, "中文").click();
  await button(page, "场景").waitFor();
});

journey("a page that cannot load the chosen language says so and stays as it is", { faulty: true, serviceWorkers: "block" }, async ({ page, serve }) => {
  for (const broken of [untranslated, (name, { built }) => (name === "zh.txt" ? "of another version\n\n" : built(name))]) {
    serve(broken);
    await button(page, "中文").click();
    await refused(page, /The texts in Chinese could not be loaded/);
    await button(page, "Scenarios").waitFor();
    await atStart(page);
    await page.getByRole("alert").waitFor({ state: "detached" });
  }
});

journey("after one visit in Chinese the page is in Chinese without a network", chinese, async ({ page, serve }) => {
  await until(page, async () => {
    const cache = await caches.open((await navigator.serviceWorker.ready).scope);
    const kept = (await cache.keys()).map(({ url }) => url);
    return ["zh.txt", "_bg.wasm"].every((part) => kept.some((url) => url.includes(part)));
  });
  serve((name, { socket }) => void socket.destroy());
  await page.reload();
  await button(page, "场景").waitFor();
});
