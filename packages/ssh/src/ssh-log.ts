/** What one run of `ssh -v` left on stderr, told apart: ssh's own words, and those of the command that it ran there. */
export type SshLog = {
  /** ssh's own lines, up to where the session begins. */
  readonly lines: readonly string[];
  /** Did ssh log in? */
  readonly isIn: boolean;
  /** What the remote command wrote to stderr. */
  readonly remote: string;
};

/** Behind these lines only the remote side speaks; an open connection that is shared (ControlMaster) has the second. */
const SESSION = /^debug1: (?:Sending command: |mux_client_request_session: master session id: )/;
const IN = /^Authenticated to /;
/** What ssh itself adds at the end of a session. */
const OWN = /^(?:debug1: |Transferred: sent |Bytes per second: |Shared connection to )/;

export function readSshLog(stderr: string): SshLog {
  const lines = stderr.split(/\r?\n/);
  const session = lines.findIndex((line) => SESSION.test(line));
  const own = session === -1 ? lines : lines.slice(0, session);
  const remote = session === -1 ? [] : lines.slice(session + 1).filter((line) => !OWN.test(line));
  return {
    lines: own,
    isIn: session !== -1 || own.some((line) => IN.test(line)),
    remote: remote.join('\n').trim(),
  };
}

/** ssh's last words that are not for its developers. */
export function lastWords({ lines }: SshLog): string {
  return lines.findLast((line) => line !== '' && !/^debug\d: |^OpenSSH_/.test(line)) ?? '';
}

/** The first line that matches. */
export function firstMatch({ lines }: SshLog, pattern: RegExp): RegExpExecArray | undefined {
  for (const line of lines) {
    const match = pattern.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}
