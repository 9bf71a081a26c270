// Prints what the browser's engine finds, for a comparison of both engines:
// `node test/scan.mjs < texts.jsonl`, a JSON object {id, text} a line; answers {id, spans} a line,
// spans in code points of the text, as src/kefu/guard answers.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { guardPack } from "../pack.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const made = mkdtempSync(join(tmpdir(), "kefu-scan-"));
const outfile = join(made, "scan.mjs");
await build({
  stdin: {
    contents: `
      import words from "pack:words";
      import { engine } from "./engine";
      export const scan = engine(words);
      export { mayHoldSecret } from "./suspect";`,
    resolveDir: join(HERE, "..", "src", "guard"),
  },
  outfile,
  bundle: true,
  format: "esm",
  charset: "utf8",
  plugins: [guardPack],
});
const { scan, mayHoldSecret } = await import(pathToFileURL(outfile).href);
rmSync(made, { recursive: true });
for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const { id, text } = JSON.parse(line);
  const places = [...text].flatMap((sign, at) => (sign.length === 2 ? [at, at] : [at]));
  const place = (at) => places[at] ?? [...text].length;
  const spans = scan(text).map(({ start, end, ...rest }) => {
    return { start: place(start), end: place(end), ...rest };
  });
  console.log(JSON.stringify({ id, spans, suspect: mayHoldSecret(text) }));
}
