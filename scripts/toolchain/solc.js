// `--standard-json` of the native compiler, answered by the compiler from npm.
//
// Sources come in on stdin (or from a file), imports that are not among them are read from the
// disk: relative to --base-path (default: the working directory), then to each --include-path.
// Only files under those folders and under --allow-paths are read.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const VALUED = new Set(["--base-path", "--include-path", "--allow-paths", "--allow"]);

function parse(argv) {
  const options = { standardJson: false, input: null, base: process.cwd(), include: [], allow: [] };
  for (let i = 0; i < argv.length; i++) {
    let flag = argv[i];
    let value = null;
    if (flag.startsWith("--") && flag.includes("=")) {
      value = flag.slice(flag.indexOf("=") + 1);
      flag = flag.slice(0, flag.indexOf("="));
    }
    if (VALUED.has(flag)) {
      value ??= argv[++i] ?? "";
      if (flag === "--base-path") options.base = path.resolve(value);
      else if (flag === "--include-path") options.include.push(path.resolve(value));
      else options.allow.push(...value.split(",").filter(Boolean).map((p) => path.resolve(p)));
    } else if (flag === "--standard-json") {
      options.standardJson = true;
    } else if (flag === "-") {
      options.input = null;
    } else if (flag.startsWith("-")) {
      fail(`unrecognised option '${flag}'`);
    } else {
      options.input = flag;
    }
  }
  return options;
}

function fail(message) {
  process.stderr.write(`Error: ${message}\n`);
  process.exit(1);
}

function inside(file, folder) {
  const relative = path.relative(folder, file);
  return relative === "" || (!relative.startsWith("..") && !path.isAbsolute(relative));
}

function importer(options) {
  const roots = [options.base, ...options.include];
  const real = (p) => (fs.existsSync(p) ? fs.realpathSync(p) : p);
  const allowed = [...roots, ...options.allow].map(real);
  return (name) => {
    const bare = name.replace(/^file:\/\//, "");
    const candidates = path.isAbsolute(bare) ? [bare] : roots.map((root) => path.join(root, bare));
    const file = candidates.find((candidate) => fs.existsSync(candidate));
    if (file === undefined) return { error: `File not found: ${name}` };
    const resolved = fs.realpathSync(file);
    if (!allowed.some((folder) => inside(resolved, folder))) {
      return { error: `File outside of allowed directories: ${name}` };
    }
    return { contents: fs.readFileSync(resolved, "utf8") };
  };
}

const options = parse(process.argv.slice(2));
if (!options.standardJson) fail("this compiler answers --version and --standard-json only");
const input = fs.readFileSync(options.input ?? 0, "utf8");
const solc = require(require.resolve("solc", { paths: [path.join(__dirname, "../..")] }));
const output = solc.compile(input, { import: importer(options) });
// A pipe takes the answer in pieces: write all of it before the process ends.
let bytes = Buffer.from(output, "utf8");
while (bytes.length > 0) {
  try {
    bytes = bytes.subarray(fs.writeSync(1, bytes));
  } catch (error) {
    if (error.code !== "EAGAIN") throw error;
  }
}
