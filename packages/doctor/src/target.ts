import { parseContextName } from '@docker-mtls/bundle';
import { isSshHost, tcpTarget } from '@docker-mtls/context';
import { quote } from '@docker-mtls/errors';
import { parseSshHost } from '@docker-mtls/ssh';
import type { SshHost } from '@docker-mtls/ssh';
import { DoctorError } from './doctor-error.ts';

/** What is to be looked at. `text` is as it was named. */
export type DoctorTarget =
  | { readonly kind: 'local'; readonly text: string }
  | { readonly kind: 'context'; readonly text: string; readonly name: string }
  | { readonly kind: 'ssh'; readonly text: string; readonly host: SshHost }
  | {
      readonly kind: 'tcp';
      readonly text: string;
      readonly host: string;
      /** Without a port both usual ones are asked: Docker uses 2375, and TLS is on 2376. */
      readonly ports: readonly number[];
    };

const USUAL_PORTS = [2376, 2375];
const CONTEXT = 'context:';
const DEFAULT_CONTEXT = 'context:default';

/** Reads `local`, `context:NAME`, `ssh://…` or `tcp://HOST[:PORT]`. Code: `DOCTOR_TARGET_INVALID`, and those of the parts. */
export function parseDoctorTarget(text: string): DoctorTarget {
  if (text === 'local') return { kind: 'local', text };
  if (text === DEFAULT_CONTEXT) throw noContext();
  if (text.startsWith(CONTEXT))
    return { kind: 'context', text, name: parseContextName(text.slice(CONTEXT.length)) };
  if (isSshHost(text)) return { kind: 'ssh', text, host: parseSshHost(text) };
  const target = text.startsWith('tcp://') ? tcpTarget(text) : undefined;
  if (target === undefined || target.path !== '') throw invalid(text);
  return {
    kind: 'tcp',
    text,
    host: target.name,
    ports: target.port === undefined ? USUAL_PORTS : [target.port],
  };
}

/** The targets of a list: one on a line, with comments behind `#`. */
export function parseTargets(list: string): readonly DoctorTarget[] {
  return list
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .map(parseDoctorTarget);
}

function noContext(): DoctorError {
  const message = `${quote(DEFAULT_CONTEXT)} is not kept as a context: it is what DOCKER_HOST names, else the engine of this machine`;
  return new DoctorError('DOCTOR_TARGET_INVALID', message, {
    hint: 'write local for the engine of this machine, or the tcp:// or ssh:// address that DOCKER_HOST has',
  });
}

function invalid(text: string): DoctorError {
  return new DoctorError('DOCTOR_TARGET_INVALID', `${quote(text)} is not a target`, {
    hint: 'write tcp://HOST:PORT, ssh://USER@HOST, context:NAME or local',
  });
}
