import { PRESETS } from '@docker-mtls/policy';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';

/** Prints a policy to begin with. */
export async function printPreset(args: Args): Promise<Report> {
  const name = args.text('preset') ?? '';
  const { about, text } = PRESETS.get(name) ?? { about: '', text: '' };
  return { json: { preset: name, about, policy: text }, text };
}
