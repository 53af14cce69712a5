import { contextOverrides, readContext, useContext } from '@docker-mtls/context';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import { dockerFolder } from '../../client/docker-folder.ts';
import type { Io } from '../../io/io.ts';
import { problemText } from '../../printing/problem-text.ts';
import { contextNamed } from './words.ts';

/** The context of Docker itself, which has no files. */
const DEFAULT = { name: 'default', host: '', usesTls: false };

/** What every terminal uses from now on, unless its environment says otherwise: then that is said. */
export async function useAction(args: Args, io: Io): Promise<Report> {
  const name = contextNamed(args);
  const directory = dockerFolder(io);
  useContext(directory, name);
  const context = name === 'default' ? DEFAULT : readContext(directory, name);
  const problems = contextOverrides(context, io.env);
  const warnings = problems.map((problem) => problemText(name, problem)).join('');
  return { json: { context: name, problems }, text: `Every terminal now uses ${name}\n${warnings}` };
}
