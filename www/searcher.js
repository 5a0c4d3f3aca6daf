// The search, in a worker, so that the page stays smooth. It takes what it is asked as bytes and
// answers in bytes (src/searcher.rs), or with a sentence when it cannot go on.

// How long it works before it listens again, and how often it says how far it has come, in
// milliseconds.
const SLICE = 40;
const EVERY = 200;

const version = location.search;
const fail = (error) => postMessage(String((error && error.message) || error));

// What comes before the module is there waits for it.
const loading = import(`./hustings-searcher.js${version}`).then((module) =>
  module.default({ module_or_path: `./hustings-searcher_bg.wasm${version}` }).then(() => module),
);
loading.catch(fail);

let works = false;
let told = 0;

const tell = (answer) => {
  if (answer) {
    postMessage(answer);
  }
};

const work = (module) => {
  const begun = performance.now();
  let now = begun;
  let more = true;
  while (more && now < begun + SLICE) {
    more = module.go_on();
    now = performance.now();
  }
  module.spent((now - begun) / 1000);
  if (!more || now > told + EVERY) {
    told = now;
    tell(module.report());
  }
  works = more;
  if (more) {
    setTimeout(go, 0, module);
  }
};

const go = (module) => {
  try {
    work(module);
  } catch (error) {
    works = false;
    fail(error);
  }
};

addEventListener("message", ({ data }) => {
  loading.then((module) => {
    tell(module.ask(data));
    if (!works) {
      works = true;
      setTimeout(go, 0, module);
    }
  }).catch(fail);
});
