// Unpack the browser of npm's @sparticuz/chromium into .toolchain/chromium, with the libraries it
// needs (nss, nspr) beside it: nothing is installed in the system.
//
//   executable   .toolchain/chromium/chromium
//   libraries    .toolchain/chromium/lib        (LD_LIBRARY_PATH)
//   fonts        .toolchain/chromium/fonts      (FONTCONFIG_PATH)
//
// browser.py starts it.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { pipeline } = require("node:stream/promises");
const { createBrotliDecompress } = require("node:zlib");

const root = path.resolve(__dirname, "../..");
const from = (...names) => require.resolve(names.join("/"), { paths: [root] });
const archives = path.join(root, "node_modules", "@sparticuz", "chromium", "bin");
const target = path.join(root, ".toolchain", "chromium");

// The package's own file names folders of the cloud it is made for.
const fonts = path.join(target, "fonts");
const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${path.join(fonts, "fonts")}</dir>
  <cachedir>${path.join(fonts, "cache")}</cachedir>
</fontconfig>
`;

async function unpack(name, output) {
  const source = fs.createReadStream(path.join(archives, name), { highWaterMark: 2 ** 22 });
  await pipeline(source, createBrotliDecompress({ chunkSize: 2 ** 21 }), output);
}

async function main() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    console.log("No bundled browser for this platform: browser tests use Playwright's own.");
    return;
  }
  const { extract } = require(from("tar-fs"));
  fs.rmSync(target, { recursive: true, force: true });
  fs.mkdirSync(target, { recursive: true });
  const program = fs.createWriteStream(path.join(target, "chromium"), { mode: 0o755 });
  await Promise.all([
    unpack("chromium.br", program),
    unpack("swiftshader.tar.br", extract(target)),
    unpack("fonts.tar.br", extract(fonts)),
    unpack("al2023.tar.br", extract(target)),
  ]);
  fs.writeFileSync(path.join(fonts, "fonts.conf"), FONTS);
}

main().catch((error) => {
  console.error(`The browser could not be unpacked: ${error.message}`);
  process.exit(1);
});
