// A worker, so that the page stays smooth. It runs the module that its name says, with its
// version: `hustings-searcher?0123`. That takes what it is asked as bytes, and files if it is
// asked about some, and answers in bytes (src/searcher.rs, src/log_reader.rs), or with a
// sentence when it cannot go on.

// How long it works before it listens again, and how often it says how far it has come, in
// milliseconds.
const SLICE = 40;
const EVERY = 200;

const [file, version] = name.split("?");
const fail = (error) => postMessage(String((error && error.message) || error));

// What comes before the module is there waits for it.
const loading = import(`./${file}.js?${version}`).then((module) =>
  module.default({ module_or_path: `./${file}_bg.wasm?${version}` }).then(() => module),
);

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

const take = async (module, ask, files) => {
  for (const file of files) {
    // One that cannot be read, as a folder cannot, is given up; the others are read.
    const bytes = await file.arrayBuffer().catch(() => undefined);
    module.give(bytes && new Uint8Array(bytes));
  }
  tell(module.ask(ask));
  if (!works) {
    works = true;
    setTimeout(go, 0, module);
  }
};

// One after the other, however long it takes to get files.
let last = loading;
last.catch(fail);
addEventListener("message", ({ data: [ask, files] }) => {
  last = last.then((module) => take(module, ask, files).then(() => module));
  last.catch(fail);
});
