import type { Pushed } from '@docker-mtls/secure/lists';
import type { Report } from '../../command-line/command.ts';

const FAILED = 1;

function effectText({ deniedAfter, unconfirmed }: Pushed): string {
  if (deniedAfter !== undefined)
    return `: denied there ${(deniedAfter / 1000).toFixed(1)} s after the revocation, on open connections too`;
  return unconfirmed === undefined ? '' : `; when it denies there is not known: ${unconfirmed}`;
}

/** A report that says where lists were put, too. Exit code 1 where one was not. */
export function withPushed(report: Report, pushed: readonly Pushed[]): Report {
  if (pushed.length === 0) return report;
  const lines = pushed.map((each) => {
    const { to, problem, hint } = each;
    if (problem !== undefined) return `not put to ${to}: ${problem}\n  hint: ${hint}\n`;
    return `and put it to ${to}${effectText(each)}\n`;
  });
  return {
    ...report,
    json: { ...report.json, pushed },
    text: `${report.text ?? ''}${lines.join('')}`,
    ...(pushed.some(({ problem }) => problem !== undefined) && { exitCode: FAILED }),
  };
}
