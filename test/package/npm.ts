import { run } from '../support/run.ts';

const UNREACHABLE = /\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED)\b/;
const QUICK = ['--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier', '--fetch-retries=1'];

class RegistryUnreachable extends Error {}

/**
 * Runs npm. It sees this developer's environment and configuration, unlike what is tested: only they know the way to a
 * registry.
 */
export async function npm(args: readonly string[], folder: string): Promise<void> {
  const { code, stdout, stderr } = await run('npm', [...args, ...QUICK], {
    cwd: folder,
    env: ownEnvironment(),
    timeout: 300_000,
  });
  if (code === 0) return;
  const [problem] = UNREACHABLE.exec(stderr) ?? [];
  if (problem !== undefined) throw new RegistryUnreachable(`the npm registry cannot be reached: ${problem}`);
  throw new Error(`npm ${args.join(' ')}: ended with ${code}\n${stdout}${stderr}`);
}

/** Does something with npm; an answer says that the registry was out of reach, which is no fault of the package's. */
export async function unlessUnreachable(step: () => Promise<void>): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (error instanceof RegistryUnreachable) return error.message;
    throw error;
  }
}

/** Without npm's own variables: when npm has started the tests, they speak of the workspace. */
function ownEnvironment(): Record<string, string> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:package|lifecycle|command)/.test(name),
  );
  const entries = own.map(([name, value]) => [name, value ?? '']);
  // npm would leave what V8 compiled of it in the temporary folder.
  return { ...Object.fromEntries(entries), NODE_DISABLE_COMPILE_CACHE: '1' };
}
