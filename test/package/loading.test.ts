import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { BUNDLE } from '../support/cli.ts';
import { run } from '../support/run.ts';
import { temporaryFolder } from '../support/temp.ts';

// What a command loads is most of the time that it takes. Node keeps a list of its own modules that were loaded.

// An import() of a further module splits what that shares with others into more files: packages/cli/src/commands/code.
test('the program is in few files: Node takes time for each that a command loads', () => {
  const files = fs.readdirSync(path.join(path.dirname(BUNDLE), 'lib')).filter((name) => name.endsWith('.js'));
  expect(files.length).toBeLessThan(45);
});

const WRITE_LIST = `process.on('exit', () => {
  process.getBuiltinModule('node:fs').writeFileSync('loaded', process.moduleLoadList.join('\\n'));
});`;

/** The names of Node's modules that a command loads. */
async function loadedBy(...words: readonly string[]): Promise<readonly string[]> {
  const folder = temporaryFolder();
  fs.writeFileSync(path.join(folder, 'list.cjs'), WRITE_LIST);
  const args = ['--require', './list.cjs', BUNDLE, ...words];
  const { code, stderr } = await run(process.execPath, args, { cwd: folder, env: { HOME: folder } });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const list = fs.readFileSync(path.join(folder, 'loaded'), 'utf8');
  return list.split('\n').map((line) => line.replace('NativeModule ', ''));
}

test('secure loads no TLS where no engine listens: Node parses all public CAs for it', async () => {
  const secure = ['secure', 'node1.example.com', '--client', 'alice', '--no-passphrase'];
  const places = ['--ca-dir', 'ca', '--config', 'daemon.json', '--certs-dir', '/etc/docker/certs'];
  const loaded = await loadedBy(...secure, ...places, '--listen', '127.0.0.1:1');
  expect(loaded.filter((name) => ['net', 'tls'].includes(name))).toEqual(['net']);
});

test('help loads neither cryptography nor SQLite', async () => {
  const loaded = await loadedBy('--help');
  expect(loaded.filter((name) => ['fs', 'crypto', 'sqlite'].includes(name))).toEqual(['fs']);
});
