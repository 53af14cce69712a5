import { quote } from '@docker-mtls/errors';
import { notLoggedIn, readTarget, sshMissing } from './log-in.ts';
import { authenticationProblem } from './authentication-problem.ts';
import { connectionProblem } from './connection-problem.ts';
import { sshError } from './problem.ts';
import type { SshProblem } from './problem.ts';
import { runThere } from './run-there.ts';
import type { RanThere, Surroundings } from './run-there.ts';
import type { SshHost } from './ssh-host.ts';

/** A text file that is to be on another host. */
export type RemoteFile = {
  readonly text: string;
  /** A file that is there and does not have these words is somebody else's. Letters, digits and blanks. */
  readonly mark: string;
};

/**
 * Puts a file in place on another host, by a rename there: any reader sees the old file or the new one, also when the
 * connection breaks. It takes an account that may write to the folder, and no root. The host's path is the file's.
 * Returns what was in the way.
 */
export async function putFile(
  host: SshHost,
  file: RemoteFile,
  surroundings: Surroundings,
): Promise<SshProblem | undefined> {
  if (host.socket === undefined)
    return sshError('unexplained', `${host.url} names no file`, 'write ssh://user@host/path/of/the/file');
  const there = await runThere(host, commandFor(host.socket, file), surroundings, { input: file.text });
  if (there === undefined) return sshMissing();
  if (there.ran.code === 0) return undefined;
  return there.log.isIn ? notWritten(host, there) : notReached(host, there, surroundings);
}

const NOT_OURS = 13;
const CUT_OFF = 14;

/** By a shell of its own: the account may have another one. `parseSshHost` has made sure of a plain path. */
function commandFor(path: string, { text, mark }: RemoteFile): string {
  const script = [
    'umask 022',
    `if [ -e ${path} ] && ! grep -q "${mark}" ${path}; then exit ${NOT_OURS}; fi`,
    `t=$(mktemp ${path}.XXXXXX) || exit 1`,
    `trap "rm -f $t" EXIT`,
    'cat >"$t" || exit 1',
    // A connection that breaks ends the input like any other end.
    `[ "$(wc -c <"$t")" -eq ${Buffer.byteLength(text)} ] || exit ${CUT_OFF}`,
    `chmod 644 "$t" && mv -f "$t" ${path}`,
  ];
  return `sh -c '${script.join('; ')}'`;
}

function notWritten({ url }: SshHost, { ran, log }: RanThere): SshProblem {
  if (ran.code === NOT_OURS)
    return sshError('unexplained', `${url} exists, and is another file`, 'name another path');
  if (ran.code === CUT_OFF) return sshError('unexplained', `${url}: the connection broke`, 'try again');
  const why = log.remote === '' ? (ran.trouble?.text ?? `it ended with ${ran.code}`) : quote(log.remote);
  return sshError(
    'unexplained',
    `${url} could not be written: ${why}`,
    'let the account write to that folder',
  );
}

async function notReached(host: SshHost, there: RanThere, surroundings: Surroundings): Promise<SshProblem> {
  const target = await readTarget(host, surroundings);
  if ('problem' in target) return target;
  const { log } = there;
  return connectionProblem(log, target) ?? authenticationProblem(log, target) ?? notLoggedIn(there);
}
