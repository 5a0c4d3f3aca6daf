// Starts the page, and where it cannot start or go on, says so in a sentence.
// No syntax here that a browser too old for the page would not read.

// The reader's language and how the page looks, chosen as the page chooses it
// (src/settings.rs).
let chosen = "";
try {
  chosen = localStorage.getItem("hustings.settings");
} catch (error) {
  // Storage is blocked: nothing was chosen.
}
const spoken = [chosen, ...navigator.languages].find((tag) => /^(en|zh)/.test(tag));
const chinese = /^zh/.test(spoken);
const theme = /light|dark/.exec(chosen);
if (theme) {
  document.documentElement.dataset.theme = theme[0];
}
for (const mode of ["projector", "embed"]) {
  if (new RegExp(`[?&]${mode}`).test(location.search) || (mode === "projector" && /projector/.test(chosen))) {
    document.documentElement.dataset[mode] = "";
  }
}

let said = false;
const say = (english, translated) => {
  // The first failure is the cause of those that follow.
  if (said) {
    return;
  }
  said = true;
  const line = document.createElement("p");
  const again = document.createElement("button");
  line.setAttribute("role", "alert");
  line.lang = chinese ? "zh-CN" : "en";
  again.textContent = chinese ? "重新加载" : "Reload";
  again.onclick = () => location.reload();
  line.append(chinese ? translated : english, " ", again);
  document.body.textContent = "";
  document.body.append(line);
};

// After a panic nothing on the page answers any more. Errors that did not pass
// through WebAssembly are not ours: a browser's extension may throw them.
const stopped = (error) => {
  if (error && /wasm/.test(error.stack)) {
    say(
      `Hustings has stopped, and the fault is its own (${error.message}). Reload to start over.`,
      `Hustings 因自身的错误而停止（${error.message}）。重新加载即可重新开始。`,
    );
  }
};
addEventListener("error", (event) => stopped(event.error));
addEventListener("unhandledrejection", (event) => stopped(event.reason));

// A page that `trunk serve` serves has its reloading script in it, and nothing
// of it may be kept.
const served = document.querySelector("script:not([src])");

const keep = (texts) => {
  const workers = navigator.serviceWorker;
  if (served && workers) {
    workers.getRegistration().then((worker) => worker && worker.unregister());
  } else if (workers) {
    // Refused in some private windows; then the page needs the network.
    workers
      .register("sw.js")
      // The worker did not see what the page has asked for before it.
      .then(({ scope }) => texts && caches.open(scope).then((cache) => cache.add(texts)))
      .catch(() => {});
  }
};

if (typeof WebAssembly === "object") {
  const [js, wasm] = ["modulepreload", "preload"].map(
    (rel) => document.querySelector(`link[rel=${rel}]`).href,
  );
  // A file that was preloaded comes without what the browser has kept of compiling it.
  // On a first visit there is nothing of that, and time counts; later the service
  // worker answers, and the request differs from the preload's, so as not to be it.
  const again = navigator.serviceWorker && navigator.serviceWorker.controller;
  // Their version is that of the WebAssembly, which holds their checksum. A file that does
  // not come, or is another, the page itself reports.
  const address = `./zh.txt?${wasm.replace(/.*-|_bg.*/g, "")}`;
  const texts = chinese ? fetch(address).then((it) => it.text()).catch(() => "") : undefined;
  // The interpreter of servers' programs: a module of its own, which is loaded when it is
  // wanted. One that did not come may be asked for again.
  const version = document.querySelector("meta[name=interpreter]").content;
  let interpreter;
  const load = () => {
    interpreter = interpreter || import(`./hustings-interpreter.js?${version}`)
      .then((module) =>
        module
          .default({ module_or_path: `./hustings-interpreter_bg.wasm?${version}` })
          .then(() => module),
      )
      .catch((error) => {
        interpreter = undefined;
        throw error;
      });
    return interpreter;
  };
  // What else is wanted later is run by workers. Each has a name, which says its module and
  // its version (www/worker.js).
  const versioned = (name) => document.querySelector(`meta[name=${name}]`).content;
  const start = (module) =>
    new Worker(`./worker.js?${versioned("worker")}`, {
      type: "module",
      name: `${module}?${versioned(module)}`,
    });
  import(js)
    .then((page) =>
      Promise.all([
        page.default({ module_or_path: again ? fetch(wasm, { mode: "same-origin" }) : wasm }),
        texts,
      ]).then(([wasm, texts]) => {
        page.mount(address, texts, load, start);
        return wasm;
      }),
    )
    .then(
      (wasm) => {
        dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm } }));
        keep(chinese && !again && address);
      },
      (error) =>
        say(
          `Hustings could not be started (${error.message}). Check the network and reload; ` +
            "if that does not help, use a current Firefox, Chrome, Edge or Safari.",
          `Hustings 无法启动（${error.message}）。请检查网络并重新加载；若仍无法启动，` +
            "请使用新版的 Firefox、Chrome、Edge 或 Safari。",
        ),
    );
} else {
  say(
    "Hustings needs WebAssembly, which this browser does not have or does not allow. " +
      "Any current Firefox, Chrome, Edge or Safari has it.",
    "Hustings 需要 WebAssembly，而此浏览器不支持或不允许。新版的 Firefox、Chrome、Edge 或 Safari 都支持。",
  );
}
