import { describe, expect, test } from '@jest/globals';
import { compareDebianVersions, engineBuild, judgeBuild, VULNERABILITIES } from '@docker-mtls/engine/version';
import type { BuildFacts, BuildJudgement } from '@docker-mtls/engine/version';
import { versionFindings } from './version-findings.ts';

const DOCKER = 'Docker Engine - Community';

function judge(facts: BuildFacts, id: string): BuildJudgement | undefined {
  const build = engineBuild(facts);
  const vulnerability = VULNERABILITIES.find((each) => each.id === id);
  return build && vulnerability && judgeBuild(build, vulnerability);
}

test.each([
  ['20.10.27', 'CVE-2024-41110', 'vulnerable'],
  ['23.0.15', 'CVE-2024-41110', 'fixed'],
  ['24.0.9', 'CVE-2024-41110', 'vulnerable'],
  ['25.0.6', 'CVE-2024-41110', 'fixed'],
  ['27.0.3', 'CVE-2024-41110', 'vulnerable'],
  ['28.0.0', 'CVE-2024-41110', 'fixed'],
  ['18.9.9', 'CVE-2024-41110', 'fixed'],
  ['29.3.0', 'CVE-2026-34040', 'vulnerable'],
  ['29.3.1', 'CVE-2026-34040', 'fixed'],
  ['25.0.16', 'CVE-2026-34040', 'fixed'],
  ['28.5.2', 'CVE-2026-34040', 'vulnerable'],
  ['23.0.15', 'CVE-2026-41567', 'fixed'],
  ['24.0.0', 'CVE-2026-41567', 'vulnerable'],
  ['29.5.0', 'CVE-2026-41567', 'vulnerable'],
  ['29.10.1', 'CVE-2026-41567', 'fixed'],
  ['29.6.0', 'CVE-2026-61711', 'vulnerable'],
  ['28.5.2', 'CVE-2026-61711', 'vulnerable'],
  ['18.9.9', 'CVE-2026-61711', 'fixed'],
  ['20.10.27', 'CVE-2026-33997', 'vulnerable'],
  ['25.0.16', 'CVE-2026-33997', 'fixed'],
  ['25.0.16', 'CVE-2026-41568', 'vulnerable'],
  ['25.0.17', 'CVE-2026-42306', 'fixed'],
  ['28.5.2', 'CVE-2026-61801', 'unknown'],
] as const)('the release %s of Docker, %s: %s', (version, id, judgement) => {
  expect(judge({ version, platform: DOCKER }, id)).toBe(judgement);
});

test.each([
  ['20.10.24+dfsg1-1+deb12u1', 'CVE-2024-41110', 'fixed'],
  ['20.10.24+dfsg1-1', 'CVE-2024-41110', 'vulnerable'],
  ['20.10.24+dfsg1-1+b3', 'CVE-2024-41110', 'vulnerable'],
  ['20.10.24+dfsg1-1+deb12u1', 'CVE-2026-34040', 'vulnerable'],
  ['20.10.24+dfsg1-1+deb12u1', 'CVE-2026-33997', 'vulnerable'],
  ['20.10.24+dfsg1-1+deb12u1', 'CVE-2026-61801', 'unknown'],
  ['20.10.24+dfsg1-1+deb12u1', 'CVE-2026-41567', 'fixed'],
  ['20.10.24+dfsg1-1+deb12u2', 'CVE-2026-34040', 'unknown'],
  ['26.1.5+dfsg1-9', 'CVE-2026-34040', 'vulnerable'],
  ['26.1.5+dfsg1-9+b9', 'CVE-2026-34040', 'vulnerable'],
  ['26.1.5+dfsg1-9+deb13u1', 'CVE-2026-34040', 'fixed'],
  ['26.1.5+dfsg1-9+deb13u1', 'CVE-2026-41567', 'vulnerable'],
  ['28.5.2+dfsg4-2', 'CVE-2026-41567', 'vulnerable'],
  ['28.5.2+dfsg4-3', 'CVE-2026-41567', 'fixed'],
  ['28.5.2+dfsg4-4', 'CVE-2026-61711', 'unknown'],
  ['27.5.1+dfsg1-1', 'CVE-2026-34040', 'unknown'],
] as const)('the package %s of Debian, %s: %s', (version, id, judgement) => {
  const engine = version.replace(/-.*/, '');
  expect(judge({ version: engine, platform: '', package: { name: 'docker.io', version } }, id)).toBe(
    judgement,
  );
});

test('without its package, a build of a distributor cannot be judged by its number', () => {
  expect(judge({ version: '26.1.5+dfsg1' }, 'CVE-2026-34040')).toBe('unknown');
  expect(judge({ version: '26.1.3' }, 'CVE-2026-34040')).toBe('unknown');
});

test.each(['', 'dev', '28', '0.0.1-stand-in'.slice(0, 3), '1.2.3.4'])('%j is no release', (version) => {
  expect(engineBuild({ version })).toBeUndefined();
});

describe('findings', () => {
  test('name each vulnerability, and what fixes it', () => {
    const build = engineBuild({ version: '29.6.1', platform: DOCKER });
    const findings = build ? versionFindings({ subject: 'x', build, hasPlugin: false }) : [];
    expect(findings.map(({ id, message }) => `${id} ${message.split(':')[0]}`)).toEqual([
      'DM616 29.6.1 has CVE-2026-15788',
      'DM616 29.6.1 has CVE-2026-17106',
      'DM616 29.6.1 has CVE-2026-92543',
    ]);
  });

  test('are errors where a plugin that is in use can be passed', () => {
    const build = engineBuild({ version: '29.3.0', platform: DOCKER });
    const severities = (hasPlugin: boolean): readonly string[] =>
      build ? versionFindings({ subject: 'x', build, hasPlugin }).map(({ severity }) => severity) : [];
    expect(severities(true)).toContain('error');
    expect(severities(false)).not.toContain('error');
  });

  test('there are none for a release that has all fixes', () => {
    const build = engineBuild({ version: '29.10.1', platform: DOCKER });
    expect(build && versionFindings({ subject: 'x', build, hasPlugin: true })).toEqual([]);
  });
});

test.each([
  ['1.0', '1.0', 0],
  ['1.0~rc1', '1.0', -1],
  ['1.0-1+b1', '1.0-1+deb12u1', -1],
  ['1.9', '1.10', -1],
  ['1:0.1', '9.0', 1],
  ['1.0-1', '1.0-1+deb12u1', -1],
  ['1.0a', '1.0+', -1],
])('Debian orders %s and %s by %d', (one, other, order) => {
  expect([compareDebianVersions(one, other), compareDebianVersions(other, one)]).toEqual([order, 0 - order]);
});
