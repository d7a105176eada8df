// Makes the marks in `icons/`: one for each name that a service file's `icon` gives, drawn after the npm package
// `simple-icons` (CC0). A mark that the package does not have is left as it is: it was put there by hand.
//
// node services/icons.mjs [--check] [node_modules]     --check writes nothing and exits with 1 when a file is stale.

import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const services = dirname(fileURLToPath(import.meta.url));
const root = dirname(services);
const check = process.argv.includes("--check");
const given = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
const places = given ? [resolve(given)] : ["packages/connect/node_modules", "node_modules"].map((p) => join(root, p));

async function simpleIcons() {
  for (const place of places) {
    const entry = join(place, "simple-icons", "index.mjs");
    const found = await readFile(entry).then(() => true, () => false);
    if (found) return Object.values(await import(pathToFileURL(entry).href));
  }
  throw new Error(`simple-icons is not in ${places.join(" nor in ")}: run npm ci in packages/connect`);
}

function svg({ title, hex, path }) {
  const text = title.replace(/&/g, "&amp;").replace(/</g, "&lt;");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" role="img" fill="#${hex}"><title>${text}</title><path d="${path}"/></svg>\n`;
}

const files = (await readdir(services)).filter((name) => name.endsWith(".toml"));
const texts = await Promise.all(files.map((name) => readFile(join(services, name), "utf8")));
const slugs = new Set(texts.flatMap((text) => /^icon = "(.+)\.svg"$/m.exec(text)?.slice(1) ?? []));
const icons = await simpleIcons();
let wrong = 0;

await mkdir(join(services, "icons"), { recursive: true });
for (const slug of [...slugs].sort()) {
  const file = join(services, "icons", `${slug}.svg`);
  const current = await readFile(file, "utf8").catch(() => undefined);
  const icon = icons.find((icon) => icon.slug === slug);
  const wanted = icon ? svg(icon) : current;
  if (wanted === undefined) {
    console.error(`icons/${slug}.svg: neither there nor in simple-icons`);
    wrong += 1;
  } else if (wanted !== current && check) {
    console.error(`icons/${slug}.svg is stale: run node services/icons.mjs`);
    wrong += 1;
  } else if (wanted !== current) {
    await writeFile(file, wanted);
    console.log(`icons/${slug}.svg written`);
  }
}
process.exitCode = wrong > 0 ? 1 : 0;
