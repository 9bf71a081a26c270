// Runs the tests of the parts that need no page: `node test/run.mjs` in frontend/.

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { guardPack } from "../pack.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const made = mkdtempSync(join(tmpdir(), "kefu-test-"));
const names = readdirSync(HERE).filter((name) => name.endsWith(".test.ts"));
await build({
  entryPoints: names.map((name) => join(HERE, name)),
  outdir: made,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  charset: "utf8",
  plugins: [guardPack],
  define: { "import.meta.dirname": JSON.stringify(HERE) }, // the tests' own, not the bundles'
  logLevel: "warning",
});
const files = names.map((name) => join(made, name.replace(/\.ts$/, ".mjs")));
run({ files })
  .on("test:fail", () => (process.exitCode = 1))
  .on("close", () => rmSync(made, { recursive: true }))
  .compose(spec)
  .pipe(process.stdout);
