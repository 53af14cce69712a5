import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const SLIM = fileURLToPath(new URL('./slim/', import.meta.url));

// A file for every command would leave a dozen small ones for what any few of them share, and every file costs 0.15 ms.
const GROUPS = {
  everyday: ['init-ca', 'issue-client', 'issue-server', 'list', 'show'],
  engine: ['secure', 'daemon-config', 'bundle'],
};

/** Puts the code of commands that share most of it into one file: one for everyday work, and one for all others. */
export function commandGroups() {
  return {
    name: 'command-groups',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /commands[\\/][a-z-]+[\\/]command\.ts$/ }, ({ path: file }) => {
        const command = path.basename(path.dirname(file));
        const load = `import('group:${groupOf(command)}').then((all) => all[${JSON.stringify(command)}])`;
        return { contents: fs.readFileSync(file, 'utf8').replace("import('./run.ts')", load), loader: 'ts' };
      });
      onResolve({ filter: /^group:/ }, ({ path: name, importer }) => ({
        path: name.slice('group:'.length),
        namespace: 'group',
        pluginData: path.dirname(path.dirname(importer)),
      }));
      onLoad({ filter: /^/, namespace: 'group' }, ({ path: group, pluginData: folder }) => ({
        contents: fs
          .readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && groupOf(entry.name) === group)
          .map(({ name }) => `export * as ${JSON.stringify(name)} from './${name}/run.ts';`)
          .join('\n'),
        resolveDir: folder,
        loader: 'ts',
      }));
    },
  };
}

function groupOf(command) {
  return Object.keys(GROUPS).find((group) => GROUPS[group].includes(command)) ?? 'others';
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
