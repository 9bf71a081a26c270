// Builds the pages' scripts, styles and icon sprite into src/kefu/web/static/dist.
//
// Every output carries the hash of its content in its name; manifest.json tells which file
// a plain name ("chat.js") stands for. Run through hatch_build.py, which brings node along.

import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { guardPack, wordLicence } from "./pack.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = join(HERE, "..", "src", "kefu", "web", "static", "dist");

const LOADER = { widget: "src/widget/main.ts" };
const MODULES = { desk: "src/desk/main.ts", site: "src/site/main.ts" };
const CHAT = { chat: "src/chat/main.ts", rest: "src/chat/rest.ts" }; // both import common.js
const GUARD = { engine: "src/guard/engine.ts", words: "pack:words" }; // come when called for
const STYLES = {
  site: "styles/site.css",
  chat: "styles/chat.css",
  rest: "styles/rest.css", // comes with rest.js
  desk: "styles/desk.css",
};
const ICON_NAMES = join(HERE, "icons.txt");
const ICON_PACKAGE = "lucide-static";

const OPTIONS = {
  absWorkingDir: HERE,
  outdir: DIST,
  entryNames: "[name]-[hash]",
  chunkNames: "common-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  write: false,
  charset: "utf8",
  legalComments: "none", // the texts are in LICENSES.txt
  plugins: [guardPack],
  target: ["chrome109", "firefox115", "safari16.4"],
  logLevel: "warning",
};

const builds = await Promise.all([
  bundle(LOADER, { format: "iife" }),
  bundle({ ...MODULES, ...GUARD }, { format: "esm" }),
  bundle(CHAT, { format: "esm", splitting: true }),
  bundle(STYLES, {}),
]);
const assets = builds.flatMap((made) => made.assets);
const names = assets.map(({ name }) => name);
if (new Set(names).size < names.length) throw new Error("two files of one name: a second common.js");
const packages = new Set(builds.flatMap((made) => made.packages));
const sprite = iconSprite();
assets.push(hashed("icons.svg", sprite));
packages.add(ICON_PACKAGE);
writeDist(assets, licenses([...packages].sort()));
report(assets);

/** Bundle entries: the files made, and the npm packages that went into them. */
async function bundle(entries, options) {
  const entryPoints = Object.entries(entries).map(([name, path]) => ({ in: path, out: name }));
  const { outputFiles, metafile } = await build({ ...OPTIONS, ...options, entryPoints });
  return {
    assets: outputFiles.map((file) => ({
      name: basename(file.path).replace(/-[A-Z0-9]{8}\./, "."),
      file: basename(file.path),
      content: Buffer.from(file.contents),
    })),
    packages: Object.keys(metafile.inputs).flatMap((path) => packageOf(path) ?? []),
  };
}

function packageOf(path) {
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

/** One SVG whose symbols are the icons named in icons.txt, or null without that file. */
function iconSprite() {
  const lines = readFileSync(ICON_NAMES, "utf8").split("\n");
  const names = lines.map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const symbols = [...new Set(names)].sort().map(iconSymbol);
  const licence = readFileSync(join(HERE, "node_modules", ICON_PACKAGE, "LICENSE"), "utf8");
  const isc = licence.split(/^---$/m)[0].trim(); // the rest, on Feather's share, is in LICENSES.txt
  return (
    `<!--\nIcons by Lucide, some from Feather (MIT): see LICENSES.txt.\n\n${isc}\n-->\n` +
    `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`
  );
}

function iconSymbol(name) {
  const path = join(HERE, "node_modules", ICON_PACKAGE, "icons", `${name}.svg`);
  if (!existsSync(path)) throw new Error(`icons.txt: ${ICON_PACKAGE} has no icon "${name}"`);
  const shapes = /<svg[^>]*>([^]*)<\/svg>/.exec(readFileSync(path, "utf8"))[1];
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
    `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">` +
    `${shapes.replace(/\s*\n\s*/g, "")}</symbol>`
  );
}

function hashed(name, text) {
  const content = Buffer.from(text);
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase();
  const extension = extname(name);
  return { name, file: `${basename(name, extension)}-${hash}${extension}`, content };
}

function licenses(packageNames) {
  const sections = packageNames.map((name) => {
    const folder = join(HERE, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} ships no licence text`);
    const text = readFileSync(join(folder, file), "utf8").trim();
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  sections.push(wordLicence());
  return sections.join(`\n${"-".repeat(72)}\n\n`);
}

/** Write the new files first and remove the old ones last, so a running server keeps its own. */
function writeDist(assets, licenseTexts) {
  mkdirSync(DIST, { recursive: true });
  for (const { file, content } of assets) writeFileSync(join(DIST, file), content);
  writeFileSync(join(DIST, "LICENSES.txt"), licenseTexts);
  const manifest = Object.fromEntries(assets.map(({ name, file }) => [name, file]).sort());
  writeFileSync(join(DIST, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  const kept = new Set([...Object.values(manifest), "LICENSES.txt", "manifest.json"]);
  for (const entry of readdirSync(DIST)) if (!kept.has(entry)) rmSync(join(DIST, entry));
}

function report(assets) {
  for (const { name, content } of assets) {
    const gzipped = gzipSync(content, { level: 9 }).length;
    console.log(`${name.padEnd(12)} ${kilobytes(content.length)}  ${kilobytes(gzipped)} gzip`);
  }
}

function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
}
