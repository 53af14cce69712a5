import fs from 'node:fs';
import path from 'node:path';

/** The licence texts of every package whose code went into the bundle, as their authors ask. */
export function noticesOf(metafile, root) {
  return packageFolders(metafile, root)
    .map(notice)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** The name, version and licence of every package whose code went into the bundle. */
export function bundledPackages(metafile, root) {
  return packageFolders(metafile, root).map(manifestOf);
}

function packageFolders({ outputs }, root) {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.keys(output.inputs).filter((file) => output.inputs[file].bytesInOutput > 0),
  );
  return [...new Set(inputs.flatMap((file) => packageFolder(path.resolve(root, file))))].toSorted();
}

function packageFolder(file) {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
  return folder === undefined ? [] : [folder];
}

/** What a package says of itself. */
export function manifestOf(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(`${folder}/package.json`, 'utf8'));
  return { name, version, license };
}

function notice(folder) {
  const { name, version, license } = manifestOf(folder);
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined
      ? 'No licence text in the package.'
      : fs.readFileSync(`${folder}/${file}`, 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}
