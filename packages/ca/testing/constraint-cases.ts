/** What a CA with these rules has signed for these names, and what is to be found. See `constrained.ts` for how they are written. */
export type ConstraintCase = {
  readonly rules: readonly string[];
  readonly critical?: boolean;
  readonly names: readonly string[];
  readonly problem?: 'critical-extension' | 'malformed' | 'name-constraints';
  /** Newer releases of Go refuse it, older ones do not. */
  readonly onlyNewer?: boolean;
};

const REFUSED = { problem: 'name-constraints' } as const;

/** Of each kind of name what lies inside and outside, at the borders, and what cannot be compared. */
export const CONSTRAINT_CASES: readonly ConstraintCase[] = [
  { rules: ['+DNS:example.com'], names: [] },
  { rules: ['+DNS:example.com'], names: ['DNS:example.com', 'DNS:a.b.EXAMPLE.com'] },
  { rules: ['+DNS:EXAMPLE.com'], critical: true, names: ['DNS:db.example.com'] },
  { rules: ['+DNS:example.com'], names: ['DNS:example.com', 'DNS:example.org'], ...REFUSED },
  { rules: ['+DNS:example.com'], critical: true, names: ['DNS:example.org'], ...REFUSED },
  { rules: ['+DNS:example.com'], names: ['DNS:badexample.com'], ...REFUSED },
  { rules: ['+DNS:example.com'], names: ['DNS:*.example.com', 'IP:10.0.0.5', 'email:a@example.org'] },
  { rules: ['+DNS:.example.com'], names: ['DNS:db.example.com', 'DNS:*.example.com'] },
  { rules: ['+DNS:.example.com'], names: ['DNS:example.com'], ...REFUSED },
  { rules: ['+DNS:db.example.com'], names: ['DNS:*.example.com'], ...REFUSED },
  { rules: ['+DNS:example.com', '+DNS:example.org'], names: ['DNS:a.example.org', 'DNS:a.example.com'] },
  { rules: ['+DNS:'], names: ['DNS:anything'] },
  { rules: ['-DNS:'], names: ['DNS:anything'], ...REFUSED },
  { rules: ['-DNS:example.com'], names: ['DNS:example.org', 'DNS:badexample.com'] },
  { rules: ['-DNS:example.com'], names: ['DNS:db.example.com'], ...REFUSED },
  { rules: ['-DNS:.example.com'], names: ['DNS:example.com'] },
  { rules: ['-DNS:.example.com'], names: ['DNS:db.Example.com'], ...REFUSED },
  { rules: ['-DNS:db.example.com'], names: ['DNS:*.example.com'], onlyNewer: true, ...REFUSED },
  { rules: ['-DNS:a.db.example.com'], names: ['DNS:*.example.com'] },
  { rules: ['+DNS:example.com', '-DNS:db.example.com'], names: ['DNS:www.example.com'] },
  { rules: ['+DNS:example.com', '-DNS:db.example.com'], names: ['DNS:x.db.example.com'], ...REFUSED },
  { rules: ['-DNS:example.com'], names: ['DNS:example.org.'], ...REFUSED },
  { rules: ['-IP:10.0.0.0/8'], names: ['DNS:a..b'], ...REFUSED },
  { rules: ['+IP:10.0.0.0/8'], names: ['IP:10.255.0.1'] },
  { rules: ['+IP:10.0.0.0/8'], names: ['IP:11.0.0.1'], ...REFUSED },
  { rules: ['+IP:10.0.0.7/8'], names: ['IP:10.255.0.1'] },
  { rules: ['+IP:10.0.0.0/8'], names: ['IP:2001:db8::1'], ...REFUSED },
  { rules: ['+IP:10.0.0.0/9'], names: ['IP:10.128.0.1'], ...REFUSED },
  { rules: ['-IP:0.0.0.0/0'], names: ['IP:10.0.0.1'], ...REFUSED },
  { rules: ['-IP:0.0.0.0/0'], names: ['IP:2001:db8::1', 'DNS:a'] },
  { rules: ['+IP:2001:db8::/32'], names: ['IP:2001:db8:ffff::1'] },
  { rules: ['-IP:2001:db8::/33'], names: ['IP:2001:db8:8000::1'] },
  { rules: ['-IP:2001:db8::/33'], names: ['IP:2001:db8:7fff::1'], ...REFUSED },
  { rules: ['+email:example.com'], names: ['email:a@example.com', 'email:"a b"@EXAMPLE.com'] },
  { rules: ['+email:example.com'], names: ['email:a@example.org'], ...REFUSED },
  { rules: ['+email:example.com'], names: ['email:a@db.example.com'], onlyNewer: true, ...REFUSED },
  { rules: ['-email:example.com'], names: ['email:a@db.example.com'], ...REFUSED },
  { rules: ['+email:.example.com'], names: ['email:a@db.example.com'] },
  { rules: ['+email:a@example.com'], names: ['email:a@Example.com', 'email:"a"@example.com'] },
  { rules: ['+email:a@example.com'], names: ['email:A@example.com'], ...REFUSED },
  { rules: ['-email:a@example.com'], names: ['email:b@example.com'] },
  { rules: ['-email:a@example.com'], names: ['email:\\a@EXAMPLE.com'], ...REFUSED },
  { rules: ['+DNS:example.com'], names: ['email:nobody'], ...REFUSED },
  { rules: ['+DNS:example.com'], names: ['email:a..b@example.com'], ...REFUSED },
  { rules: ['+DNS:example.com'], names: ['email:"a@example.com'], ...REFUSED },
  {
    rules: ['+URI:example.com'],
    names: ['URI:spiffe://example.com/ns/a', 'URI:https://u@example.com:8443?x'],
  },
  { rules: ['+URI:example.com'], names: ['URI:spiffe://example.org/example.com'], ...REFUSED },
  { rules: ['+URI:example.com'], names: ['URI:https://example.com@example.org/'], ...REFUSED },
  { rules: ['+URI:example.com'], names: ['URI:https://db.example.com/'], onlyNewer: true, ...REFUSED },
  { rules: ['-URI:example.com'], names: ['URI:https://db.example.com/'], ...REFUSED },
  { rules: ['-URI:.example.com'], names: ['URI:https://example.com/'] },
  { rules: ['-URI:example.com'], names: ['URI:https://10.0.0.1/'], ...REFUSED },
  { rules: ['-URI:example.com'], names: ['URI:https://[::1]/'], ...REFUSED },
  { rules: ['-URI:example.com'], names: ['URI:urn:uuid:1'], ...REFUSED },
  { rules: ['-DNS:example.com'], names: ['URI:urn:uuid:1'], onlyNewer: true, ...REFUSED },
  { rules: ['+dir'], names: ['DNS:example.com'] },
  { rules: ['+dir'], critical: true, names: ['DNS:example.com'], problem: 'critical-extension' },
  { rules: ['+dir', '+DNS:example.org'], names: ['DNS:example.com'], ...REFUSED },
  { rules: ['+IP:x0a000000ff00ff00'], names: ['DNS:a'], problem: 'malformed' },
  { rules: ['+IP:x0a0000'], names: ['DNS:a'], problem: 'malformed' },
  { rules: ['+DNS:a..b'], names: ['DNS:a'], problem: 'malformed' },
  { rules: ['-DNS:b\u00fccher.example'], names: ['DNS:a'], problem: 'malformed' },
  { rules: ['+email:a@b@c d'], names: ['DNS:a'], problem: 'malformed' },
  { rules: ['+URI:10.0.0.1'], names: ['DNS:a'], problem: 'malformed' },
];
