import fs from 'node:fs';
import path from 'node:path';

/** Every file and folder below a folder, relative, with its mode; what differs from run to run is made alike. */
export function treeOf(folder: string): readonly string[] {
  return filesBelow(folder).map((file) => `${mode(file)} ${alike(path.relative(folder, file))}`);
}

/** All files, links and folders below a folder, sorted. Links are not followed. */
export function filesBelow(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? [file, ...filesBelow(file)] : [file];
    })
    .toSorted();
}

/** The files below a folder that hold an unencrypted or encrypted private key in PEM. */
export function keyFilesBelow(folder: string): readonly string[] {
  return filesBelow(folder).filter(
    (file) => fs.lstatSync(file).isFile() && fs.readFileSync(file).includes('PRIVATE KEY-----'),
  );
}

/** The permission bits of a file, in octal. */
export function mode(file: string): string {
  return (fs.lstatSync(file).mode & 0o7777).toString(8).padStart(4, '0');
}

/** Serial numbers, process ids, moments and random names become words. */
export function alike(text: string): string {
  return text
    .replaceAll(/\.[0-9a-f]{32}\.[0-9a-fx]+-\d+-\d+\.partial/gu, '.RANDOM.partial')
    .replaceAll(/\b[0-9a-f]{40}\b/gu, 'KEYID')
    .replaceAll(/[0-9a-f]{32}/gu, 'SERIAL')
    .replaceAll(/\.(gen|next|link)-[0-9a-f]{16}\b/gu, '.$1-RANDOM')
    .replaceAll(/\b[0-9a-f]{16}\.db\b/gu, 'RANDOM.db')
    .replaceAll(/\d{8}T\d{6}Z(?:-\d+)?/gu, 'MOMENT')
    .replaceAll(/docker-mtls-[A-Za-z0-9]{6}/gu, 'docker-mtls-RANDOM');
}
