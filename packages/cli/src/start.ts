import { writeLost, writeText } from './io/write-stream.ts';
import { isMetadataRequest, pluginMetadata } from './plugin/metadata.ts';

/** Runs one command line in this process, and leaves its exit code to Node. */
export async function start(argv: readonly string[]): Promise<void> {
  if (isMetadataRequest(argv)) answerDocker();
  else await run(argv);
}

/** docker asks its plugins for their metadata at each of its commands: nothing else is loaded for that. */
function answerDocker(): void {
  if (writeText(1, pluginMetadata()) === 'failed') process.exitCode = writeLost();
}

async function run(argv: readonly string[]): Promise<void> {
  const folder = currentFolder();
  // Most commands can do without, but Node cannot, nor yargs, which asks for it as it loads.
  if (folder === undefined) process.chdir('/');
  const { runInProcess } = await import('./program.ts');
  await runInProcess(argv, folder);
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
