/** From when on a certificate is to be renewed, as a Julian day: see `validityState` in @docker-mtls/ca. */
export const DUE_AT: string = `CASE kind WHEN 'ca' THEN julianday(not_after) - 400.0
  ELSE julianday(not_after) - (julianday(not_after) - julianday(not_before)) / 3.0 END`;

/** id-kp-serverAuth and id-kp-clientAuth (RFC 5280 section 4.2.1.12), as DER has them. */
const SERVER_AND_CLIENT = `instr(der, x'06082b06010505070301') > 0 AND instr(der, x'06082b06010505070302') > 0`;

/** What a leaf should not be. Bytes may be there by chance: whatever is found is parsed before it is reported. */
export const UNUSUAL: string = `(key_type NOT IN ('ec-p256', 'ec-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096', 'ed25519')
  OR julianday(not_after) - julianday(not_before) > 825.5 OR (${SERVER_AND_CLIENT}))`;

/** A step of the schema: certificates that want attention are found without looking at the others. */
export const ATTENTION: string = `
CREATE INDEX certificates_due ON certificates (kind, ${DUE_AT}, not_after)
  WHERE status = 'current' AND kind <> 'probe';
CREATE INDEX certificates_beginning ON certificates (not_before, kind) WHERE status = 'current' AND kind <> 'probe';
CREATE INDEX certificates_unusual ON certificates (serial)
  WHERE status = 'current' AND kind IN ('server', 'client') AND ${UNUSUAL};
`;
