import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SLIM = fileURLToPath(new URL('./slim/', import.meta.url));

/**
 * Commands that shells run all the time: a program of their own, with nothing in it but what they need, loads in a third
 * of the time.
 */
export const SHELL_COMMANDS = ['env', 'exec'];

const COMMAND = /commands[\\/][a-z-]+[\\/]command\.ts$/;

// Commands that share most of their code. What most people run most often is in the file that all need; every other file
// costs a part of a millisecond, so there is not one for each command.
const GROUPS = {
  everyday: ['init-ca', 'issue-client', 'list', 'show'],
  engine: ['secure', 'issue-server', 'daemon-config', 'bundle'],
  image: ['container'],
};

/** Puts the code of the commands in `folder` into a file for each group; that of `everyday` with what all share. */
export function commandGroups(folder) {
  return {
    name: 'command-groups',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: COMMAND }, ({ path: file }) => {
        const text = fs.readFileSync(file, 'utf8');
        return { contents: groupCommand(text, path.basename(path.dirname(file))), loader: 'ts' };
      });
      onResolve({ filter: /^group:/ }, ({ path: asked }) => ({
        path: asked.slice('group:'.length),
        namespace: 'group',
      }));
      onLoad({ filter: /^/, namespace: 'group' }, ({ path: group }) => ({
        contents: commandsOf(group, folder)
          .map((name) => `export * as ${JSON.stringify(name)} from './${name}/run.ts';`)
          .join('\n'),
        resolveDir: folder,
        loader: 'ts',
      }));
    },
  };
}

/** A program that knows these commands and no others. Their code is in it, not in files beside it. */
export function onlyCommands(names) {
  return {
    name: 'only-commands',
    setup({ onLoad }) {
      onLoad({ filter: /commands[\\/]index\.ts$/ }, ({ path: file }) => ({
        contents: `${names.map((name) => `import { ${name} } from './${name}/command.ts';`).join('\n')}
export const COMMANDS = [${names.join(', ')}];`,
        resolveDir: path.dirname(file),
      }));
      onLoad({ filter: COMMAND }, ({ path: file }) => ({
        contents: atHand(fs.readFileSync(file, 'utf8')),
        loader: 'ts',
      }));
    },
  };
}

function groupCommand(text, name) {
  const group = groupOf(name);
  if (group === 'everyday') return atHand(text);
  const load = `import('group:${group}').then((all) => all[${JSON.stringify(name)}])`;
  return text.replace("import('./run.ts')", load);
}

/** A command whose code is loaded with it. */
function atHand(text) {
  return `import * as itself from './run.ts';\n${text.replace("import('./run.ts')", 'Promise.resolve(itself)')}`;
}

function commandsOf(group, folder) {
  const folders = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => name).filter((name) => groupOf(name) === group);
}

function groupOf(command) {
  return Object.keys(GROUPS).find((group) => GROUPS[group].includes(command)) ?? 'client';
}

/**
 * For esbuild, which would make a file for each set of parts that share something, two dozen of them: says of every
 * part that is loaded late that it needs all that `main` needs, which is there by then. So that becomes one file.
 */
export function lateParts(main) {
  return {
    name: 'late-parts',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^/ }, ({ path: asked, kind, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined;
        const part = asked.startsWith('.') ? path.join(resolveDir, asked) : asked;
        return { path: part, namespace: 'late', pluginData: resolveDir };
      });
      // A part's default export, which none of ours has, would be lost.
      onLoad({ filter: /^/, namespace: 'late' }, ({ path: part, pluginData: resolveDir }) => ({
        contents: `import ${JSON.stringify(main)};\nexport * from ${JSON.stringify(part)};`,
        resolveDir,
      }));
    },
  };
}

/** node-forge's DER writer asks for all of its utilities and uses a few lines of them. */
export function onlyDerOfForge() {
  return {
    name: 'only-der-of-forge',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/(?:util|oids)$/ }, ({ path: asked, importer }) =>
        /node-forge[\\/]lib[\\/]asn1\.js$/.test(importer)
          ? { path: `${SLIM}forge-${path.basename(asked)}.cjs` }
          : undefined,
      );
    },
  };
}
