// Sends the conformance cases of packages/policy to an authorization plugin, as an engine does, and prints what it decides otherwise.
// docs/conformance.md says how to test a plugin of your own.
//
//   node scripts/conformance.js prepare FOLDER    # policy.yaml and the CAs that the plugin has to be started with
//   node scripts/conformance.js run FOLDER --socket PLUGIN.sock [--engine ENGINE.sock] [--json]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parseCases } from '@docker-mtls/policy';
import { prepare } from './conformance-parts/prepare.js';
import { runCases } from './conformance-parts/run-cases.js';

const CASES = new URL('../packages/policy/conformance/', import.meta.url);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    socket: { type: 'string' },
    engine: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [command, folder] = positionals;
const cases = parseCases(fs.readFileSync(new URL('cases.yaml', CASES), 'utf8'), { now: Date.now() });

if (command === 'prepare' && folder !== undefined) {
  prepare(folder, { cases, policy: fs.readFileSync(new URL('policy.yaml', CASES), 'utf8') });
  console.log(`Start the plugin with the policy and the CAs in ${folder}: policy.yaml, ca.pem`);
} else if (command === 'run' && folder !== undefined && values.socket !== undefined) {
  process.exitCode = await run(path.resolve(folder), values.socket);
} else {
  console.error('prepare FOLDER, or run FOLDER --socket PATH [--engine PATH] [--json]');
  process.exitCode = 2;
}

async function run(certificates, socket) {
  const { passed, failed, skipped } = await runCases(cases, { certificates, socket, engine: values.engine });
  if (values.json) console.log(JSON.stringify({ passed, failed, skipped }));
  else {
    for (const { line, about, request, expected, problem } of failed)
      console.log(`cases.yaml:${line}: ${about} (${request}): expected ${expected}, ${problem}`);
    console.log(`${passed} as expected, ${failed.length} not, ${skipped} skipped`);
  }
  return failed.length === 0 ? 0 : 3;
}
