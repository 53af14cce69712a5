import { REPOSITORY } from '../support/cache.ts';
import { asDeveloper, buildExecutable } from '../executable/executable.ts';
import { temporaryFolder } from '../support/temp.ts';

export type DebianPackage =
  { readonly file: string; readonly obstacle?: undefined } | { readonly obstacle: string };

const BUILD = `
import { buildDebianPackage } from ${JSON.stringify(`${REPOSITORY}/scripts/debian-package/build.js`)};
const [root, executables, target] = process.argv.slice(1);
console.log(await buildDebianPackage({ root, executables, target, architecture: 'amd64' }));
`;

/** Compressed in a second: with xz it takes a minute. */
const FAST = { DPKG_DEB_COMPRESSOR_TYPE: 'gzip', DPKG_DEB_COMPRESSOR_LEVEL: '1' };

/** Packs the executable as scripts/debian does. `root` may be a copy of the sources. */
export async function buildDebian({ root = REPOSITORY, umask = '022' } = {}): Promise<DebianPackage> {
  const built = await buildExecutable('x64');
  if (built.obstacle !== undefined) return built;
  const words = ['--input-type=module', '-e', BUILD, root, built.folder, temporaryFolder()];
  const script = `umask ${umask}; exec "$0" "$@"`;
  const { code, stdout, stderr } = await asDeveloper('sh', ['-c', script, process.execPath, ...words], FAST);
  if (code !== 0) throw new Error(`the package was not built:\n${stderr}`);
  return { file: stdout.trim() };
}
