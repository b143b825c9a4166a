// Pinned packages → static/vendor: one stylesheet (design tokens, font), one script (the SPARQL editor), and the licences of what is in them.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";

const out = "static/vendor";
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
// "optional": text never moves when the font comes late
const optional = {
  name: "font-display",
  setup(it) {
    it.onLoad({ filter: /noto-sans-jp.*\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll("font-display: swap", "font-display: optional"),
      loader: "css",
    }));
  },
};
const common = { bundle: true, minify: true, legalComments: "none", outdir: out, logLevel: "warning", target: "es2022" };
await build({ ...common, entryPoints: { vendor: "editor/vendor.css" }, plugins: [optional], loader: { ".woff2": "file" }, assetNames: "[name]-[hash]" });
const { metafile } = await build({ ...common, entryPoints: { editor: "editor/editor.js" }, format: "esm", metafile: true });
await copyFile("node_modules/axe-core/axe.min.js", `${out}/axe.test.js`).catch(() => {}); // for the browser tests only; no page names it

const used = Object.keys(metafile.inputs).map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean);
const names = [...new Set([...used, "@digital-go-jp/design-tokens", "@fontsource-variable/noto-sans-jp"])].sort();
const lines = names.map(async (name) => {
  const about = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  return `${name} ${about.version} ${about.license}`;
});
await writeFile(`${out}/LICENCES.txt`, (await Promise.all(lines)).join("\n") + "\n");
