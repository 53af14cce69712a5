import { found } from '../found.ts';
import type { FoundFinding } from '../found.ts';
import type { EngineBuild } from '@docker-mtls/engine/version';
import { judgeBuild, VULNERABILITIES } from '@docker-mtls/engine/version';

export type VersionOrder = {
  readonly subject: string;
  readonly build: EngineBuild;
  /** Does the engine ask an authorization plugin? */
  readonly hasPlugin: boolean;
};

/** Which known vulnerabilities a build of the engine has, and for which that cannot be told. */
export function versionFindings({ subject, build, hasPlugin }: VersionOrder): readonly FoundFinding[] {
  const name = build.revision ?? build.release.join('.');
  const judged = VULNERABILITIES.map((each) => ({ ...each, judgement: judgeBuild(build, each) }));
  const sure = judged
    .filter(({ judgement }) => judgement === 'vulnerable')
    .map(({ id, effect, bypassesAuthorization, fixed }) =>
      found('host', 'engine-vulnerable', {
        subject,
        message: `${name} has ${id}: ${effect}`,
        hint: `update the engine: fixed in ${fixed.map((release) => release.join('.')).join(', ')}`,
        ...(bypassesAuthorization === true && hasPlugin && { severity: 'error' }),
      }),
    );
  const unsure = judged.filter(({ judgement }) => judgement === 'unknown').map(({ id }) => id);
  if (unsure.length === 0) return sure;
  const message = `it cannot be told whether ${name} has ${unsure.join(', ')}`;
  return [...sure, found('host', 'engine-vulnerability-unknown', { subject, message })];
}
