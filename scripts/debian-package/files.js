import fs from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { executableName, LICENCES } from '../executable/build.js';
import { importSources } from '../import-sources.js';
import { sourceFacts } from '../source-facts.js';
import { debianChangelog } from './control.js';

const DOC = 'usr/share/doc/docker-mtls';
const SOURCES = `
  export { manPages } from './packages/cli/src/man/man-page.ts';
  export { bashCompletion } from './packages/cli/src/commands/completion/bash.ts';
  export { zshCompletion } from './packages/cli/src/commands/completion/zsh.ts';
  export { fishCompletion } from './packages/cli/src/commands/completion/fish.ts';
  export { COMMANDS } from './packages/cli/src/commands/index.ts';
  export { renewalUnits } from './packages/engine/src/timer/renewal-units.ts';
  export {
    PACKAGED_SERVICE,
    PLUGIN_PLACES,
    pluginUnits,
  } from './packages/engine/src/authorization/plugin-units.ts';
`;

/** What the package installs: text or a copy, with its mode, or a link. */
export async function packageFiles(root, executables, architecture) {
  const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');
  const program = await importSources(root, SOURCES);
  return [
    {
      name: 'usr/bin/docker-mtls',
      copyOf: path.join(executables, executableName(architecture)),
      mode: 0o755,
    },
    { name: 'usr/libexec/docker/cli-plugins/docker-mtls', link: '../../../bin/docker-mtls' },
    ...completions(program),
    ...units(program),
    ...program
      .manPages()
      .map(({ file, text }) => ({ name: `usr/share/man/man1/${file}.gz`, text: zip(text) })),
    { name: `${DOC}/copyright`, copyOf: path.join(executables, LICENCES) },
    {
      name: `${DOC}/changelog.gz`,
      text: zip(debianChangelog(read('CHANGELOG.md'), sourceFacts(root))),
    },
    {
      name: 'usr/share/lintian/overrides/docker-mtls',
      text: read('scripts/debian-package/lintian-overrides'),
    },
  ];
}

function completions({ COMMANDS, bashCompletion, zshCompletion, fishCompletion }) {
  return [
    { name: 'usr/share/bash-completion/completions/docker-mtls', text: bashCompletion(COMMANDS) },
    { name: 'usr/share/zsh/vendor-completions/_docker_mtls', text: zshCompletion(COMMANDS) },
    { name: 'usr/share/fish/vendor_completions.d/docker-mtls.fish', text: fishCompletion(COMMANDS) },
  ];
}

/** Units that nobody has enabled: of renewal, and of the plugin as `authz install` would write them. */
function units({ renewalUnits, pluginUnits, PACKAGED_SERVICE, PLUGIN_PLACES }) {
  // For root's CA where it is unless told otherwise. It restarts no engine.
  const renewal = renewalUnits({
    program: PACKAGED_SERVICE.program,
    options: [],
    caDirectory: '/root/.local/share/docker-mtls',
    user: 'root',
    writes: ['/root/.docker', PLUGIN_PLACES.settings],
    hook: [],
    appliesToEngine: false,
  });
  const texts = [
    ...Object.entries(renewal).map(([kind, text]) => [`docker-mtls-renew.${kind}`, text]),
    ...pluginUnits(PACKAGED_SERVICE),
  ];
  return texts.map(([name, text]) => ({ name: `usr/lib/systemd/system/${name}`, text }));
}

/** As `gzip -9n`: without a name and a time. The tenth byte names the system that packed it. */
function zip(text) {
  const packed = gzipSync(text, { level: 9 });
  packed[9] = 3;
  return packed;
}
