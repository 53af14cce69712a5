import { build } from 'esbuild';
import { sourceFacts } from './source-facts.js';

/** Loads modules of the program from its sources, which are TypeScript: `code` exports what is wanted of them. */
export async function importSources(root, code) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['source'],
    define: { DOCKER_MTLS_VERSION: JSON.stringify(sourceFacts(root).version) },
    external: ['libsql'],
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r('/');" },
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
