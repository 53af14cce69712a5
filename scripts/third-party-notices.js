import fs from 'node:fs';
import path from 'node:path';

/** The licence texts of every package whose code went into the bundle, as their authors ask. */
export function noticesOf({ outputs }, root) {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.keys(output.inputs).filter((file) => output.inputs[file].bytesInOutput > 0),
  );
  const folders = new Set(inputs.flatMap((file) => packageFolder(path.resolve(root, file))));
  return [...folders]
    .toSorted()
    .map(notice)
    .join(`\n${'-'.repeat(80)}\n\n`);
}

function packageFolder(file) {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file) ?? [];
  return folder === undefined ? [] : [folder];
}

function notice(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(`${folder}/package.json`, 'utf8'));
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined
      ? 'No licence text in the package.'
      : fs.readFileSync(`${folder}/${file}`, 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}
