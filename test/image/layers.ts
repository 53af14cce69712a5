import fs from 'node:fs';
import path from 'node:path';
import { output } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';
import { filesBelow } from '../support/tree.ts';
import type { ImageEngine } from './image-engine.ts';

/** A private key in PEM; programs only hold the lines before and behind one. */
export const A_KEY: RegExp = /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{16}/;

/** A file of a layer: also one that a later layer hides. */
export type LayerFile = { readonly name: string; readonly data: string };

/** Every file of every layer of an image. */
export async function layerFiles({ must }: ImageEngine, image: string): Promise<readonly LayerFile[]> {
  const folder = temporaryFolder();
  const archive = path.join(folder, 'image.tar');
  await must('save', '--output', archive, image);
  await output('tar', ['-xf', archive, '-C', folder]);
  const [{ Layers: layers }] = JSON.parse(fs.readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as [
    { readonly Layers: readonly string[] },
  ];
  const files = await Promise.all(layers.map((layer) => unpack(path.join(folder, layer))));
  return files.flat();
}

async function unpack(layer: string): Promise<readonly LayerFile[]> {
  const folder = temporaryFolder();
  await output('tar', ['-xf', layer, '-C', folder]);
  return filesBelow(folder)
    .filter((file) => fs.lstatSync(file).isFile())
    .map((file) => ({ name: path.relative(folder, file), data: fs.readFileSync(file, 'latin1') }));
}
