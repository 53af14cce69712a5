import { expect, test } from '@jest/globals';
import { debianRevision } from './debian-revision.ts';

const CHANGELOG = `docker.io (28.5.2+dfsg4-3) unstable; urgency=medium

  * Fix CVE-2026-41567

 -- A Maintainer <a@debian.org>  Mon, 10 Aug 2026 11:00:00 -0400

docker.io (28.5.2+dfsg4-2) unstable; urgency=medium

 -- A Maintainer <a@debian.org>  Sun, 09 Aug 2026 11:00:00 -0400
`;

test('the revision is that of the changelog which the engine was built with', () => {
  expect(debianRevision(CHANGELOG, '2026-08-10T15:00:00.000000000+00:00')).toBe('28.5.2+dfsg4-3');
});

test.each([
  ['a running engine that is older than its package', CHANGELOG, '2026-08-09T15:00:00.000000000+00:00'],
  ['an engine without a build time', CHANGELOG, undefined],
  ['an engine whose build time is no moment', CHANGELOG, 'yesterday'],
  ['another package', CHANGELOG.replace('docker.io', 'podman'), '2026-08-10T15:00:00Z'],
  ['a changelog without a date', CHANGELOG.slice(0, 80), '2026-08-10T15:00:00Z'],
  ['an empty one', '', undefined],
])('it is not known of %s', (_what, changelog, built) => {
  expect(debianRevision(changelog, built)).toBeUndefined();
});
