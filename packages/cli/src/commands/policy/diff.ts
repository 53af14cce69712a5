import path from 'node:path';
import { diff, refusedBy } from '@docker-mtls/policy';
import type { GuardName, Widening } from '@docker-mtls/policy';
import { counted } from '@docker-mtls/text';
import { readPolicyFile } from '@docker-mtls/secure/bindings';
import type { Args } from '../../command-line/args.ts';
import type { Report } from '../../command-line/command.ts';
import type { Io } from '../../io/io.ts';

const ANSWERED_NO = 3;

/** All that one policy allows and another does not. Exit code 3 when access widens. */
export async function diffPolicies(args: Args, io: Io): Promise<Report> {
  const [old, next] = ['old', 'new'].map((name) =>
    readPolicyFile(path.resolve(io.cwd, args.text(name) ?? '')),
  );
  if (old === undefined || next === undefined) throw new Error('read less than two policies');
  const { widened, narrowed } = diff(old.policy, next.policy);
  return {
    json: {
      old: old.file,
      new: next.file,
      widened: widened.map(changeJson),
      narrowed: narrowed.map(changeJson),
    },
    text: [
      ...section('wider', '+', widened),
      ...section('narrower', '-', narrowed),
      ...(widened.length + narrowed.length === 0 ? ['Both policies allow the same\n'] : []),
    ].join(''),
    ...(widened.length > 0 && { exitCode: ANSWERED_NO }),
  };
}

function changeJson({ holder, role, action, guard }: Widening): Record<string, unknown> {
  return { holder, role, action, ...(guard !== undefined && { guard }) };
}

function section(title: string, sign: string, changes: readonly Widening[]): readonly string[] {
  if (changes.length === 0) return [];
  const lines = changes.map((change) => `  ${sign} ${wordsOf(change)}\n`);
  return [`${title}: ${counted(changes.length, 'change', 'changes')}\n`, ...lines];
}

function wordsOf({ holder, role, action, guard }: Widening): string {
  if (holder === 'mode observe') return 'mode observe: nothing is denied';
  if (holder === 'crl stale') return 'crl stale: warn: a revocation list that is overdue stays in force';
  if (holder !== role) return `${holder}: role ${role}`;
  if (guard === undefined) return `role ${role}: ${action}`;
  if (guard === 'objects') return `role ${role}: ${action} on other objects`;
  if (guard.startsWith('unknown:'))
    return `role ${role}: ${action} with ${guard.slice('unknown:'.length)} unchecked`;
  return `role ${role}: ${action} past the guard ${guard}: ${refusedBy(guard as GuardName)}`;
}
