/** A release of moby: major, minor, patch. */
export type Release = readonly [number, number, number];

/** A vulnerability of the engine, and where it is fixed. */
export type Vulnerability = {
  /** By its CVE, or its GitHub advisory where it has none. */
  readonly id: string;
  readonly effect: string;
  /** Does it let requests pass an authorization plugin? */
  readonly bypassesAuthorization?: true;
  /** The first release with it; absent: where it came in is not known, and releases of other branches may lack it. */
  readonly since?: Release;
  /** The first fixed release of each branch that was fixed, oldest first. */
  readonly fixed: readonly [Release, ...Release[]];
  /** Debian packages with the fix: the release, and the first revision. */
  readonly debian?: readonly string[];
};

/** Debian packages that were looked at: of a newer revision it is not known what it fixes. */
export const KNOWN_DEBIAN: readonly string[] = [
  '20.10.24+dfsg1-1+deb12u1',
  '26.1.5+dfsg1-9+deb13u1',
  '28.5.2+dfsg4-3',
];

/** The entry of a CVE, which has to be in the table. */
export function vulnerability(id: string): Vulnerability {
  const found = VULNERABILITIES.find((each) => each.id === id);
  if (found === undefined) throw new Error(`${id} is not in the table of vulnerabilities`);
  return found;
}

/**
 * As of November 2026: advisories of moby, and changelogs of Debian. Most advisories name no first release; where `since` is
 * not theirs, a comment says where in the source of moby the fault came in.
 */
export const VULNERABILITIES: readonly Vulnerability[] = [
  {
    id: 'CVE-2024-41110',
    effect: 'a request with Content-Length 0 is not shown to the authorization plugin with its body',
    bypassesAuthorization: true,
    since: [19, 3, 0],
    fixed: [
      [23, 0, 15],
      [25, 0, 6],
      [26, 1, 5],
      [27, 1, 1],
    ],
    debian: ['20.10.24+dfsg1-1+deb12u1'],
  },
  {
    id: 'CVE-2026-34040',
    effect: 'a body of more than a megabyte reaches the engine, and not the authorization plugin',
    bypassesAuthorization: true,
    since: [1, 10, 0],
    fixed: [
      [25, 0, 16],
      [29, 3, 1],
    ],
    debian: ['26.1.5+dfsg1-9+deb13u1', '28.5.2+dfsg4-2'],
  },
  {
    id: 'CVE-2026-33997',
    effect: 'the check of the privileges of a plugin is off by one',
    // plugin/manager.go, isEqual: its loop begins at 1 since 17.04 (dafeeac4fd).
    since: [17, 4, 0],
    fixed: [
      [25, 0, 16],
      [29, 3, 1],
    ],
    debian: ['26.1.5+dfsg1-9+deb13u1', '28.5.2+dfsg4-2'],
  },
  {
    id: 'CVE-2026-41567',
    effect: 'docker cp into a container runs a program of the container as root on the host',
    since: [24, 0, 0],
    fixed: [
      [25, 0, 17],
      [29, 5, 1],
    ],
    debian: ['28.5.2+dfsg4-3'],
  },
  {
    id: 'CVE-2026-41568',
    effect: 'a race in docker cp creates files and folders on the host',
    // daemon: docker cp mounts volumes at paths that a container can change, since 1.8 (c32dde5baa), before 24.0 as after.
    since: [1, 8, 0],
    fixed: [
      [25, 0, 17],
      [29, 5, 1],
    ],
    debian: ['26.1.5+dfsg1-9+deb13u1', '28.5.2+dfsg4-3'],
  },
  {
    id: 'CVE-2026-42306',
    effect: 'a race in docker cp mounts a volume over a path of the host',
    since: [1, 8, 0],
    fixed: [
      [25, 0, 17],
      [29, 5, 1],
    ],
    debian: ['26.1.5+dfsg1-9+deb13u1', '28.5.2+dfsg4-3'],
  },
  {
    id: 'CVE-2026-61711',
    effect: 'a custom BuildKit frontend switches seccomp and AppArmor off',
    // BuildKit executor/oci: a security mode that is neither of the two gets no profile, since moby 19.03.
    since: [19, 3, 0],
    fixed: [[29, 6, 1]],
  },
  {
    id: 'CVE-2026-61801',
    effect: 'an image with a malformed /etc/passwd uses up the memory of the engine',
    fixed: [[29, 6, 1]],
  },
  {
    id: 'CVE-2026-15788',
    effect: 'one of five in BuildKit, with CVE-2026-15789, -15791, -15792 and -15793',
    fixed: [[29, 6, 2]],
  },
  {
    id: 'CVE-2026-17106',
    effect: 'in what unpacks archives (go-archive before 0.3.0)',
    fixed: [[29, 7, 0]],
  },
  {
    id: 'CVE-2026-92543',
    effect: 'a server of DNS makes the engine pull from a registry without TLS',
    // registry/config.go: one of the addresses of a name in a range is enough, since 1.4 (6aba75db4e).
    since: [1, 4, 0],
    fixed: [[29, 8, 2]],
  },
];
