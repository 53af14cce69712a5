export type { Breach } from './body/check.ts';
export type { PolicyCase } from './cases/case.ts';
export { parseCases } from './cases/parse-cases.ts';
export type { CaseResult } from './cases/run-cases.ts';
export { runCases } from './cases/run-cases.ts';
export { boundSubjects, unmatchedBindings } from './check/bound-subjects.ts';
export type { BoundSubject } from './check/bound-subjects.ts';
export type { PolicyFinding, PolicyFindingId } from './check/policy-finding.ts';
export { review } from './check/review.ts';
export { plainHex } from './decide/certificate-subject.ts';
export type { CertificateSubject } from './decide/certificate-subject.ts';
export { decide } from './decide/decide.ts';
export type { Decision } from './decide/decision.ts';
export { denialText } from './decide/decision.ts';
export type { PolicyDiff, Widening } from './decide/diff.ts';
export { diff, roleNameOf } from './decide/diff.ts';
export type { Explanation } from './decide/explain.ts';
export { explain, risksOf } from './decide/explain.ts';
export type {
  EngineFacts,
  Found,
  FoundObject,
  Lookup,
  LookupKind,
  PolicyRequest,
  Subject,
} from './decide/request.ts';
export { grantsOf, matchesSubject } from './decide/subject.ts';
export type { RoleHolder } from './decide/who-can.ts';
export { whoCan } from './decide/who-can.ts';
export { decodeText } from './document/decode-text.ts';
export { policySchema } from './document/json-schema.ts';
export { parse } from './document/parse.ts';
export type {
  Audit,
  AuditLevel,
  Binding,
  ObjectRule,
  Policy,
  Role,
  SubjectPattern,
} from './document/policy.ts';
export { PolicyError } from './error.ts';
export type { PolicyErrorCode, TextPlace } from './error.ts';
export type { GuardLevel, GuardName } from './guards.ts';
export { PRESETS } from './presets/presets.ts';
export { GUARD_NAMES, refusedBy } from './guards.ts';
export type { Operation } from './operations/operation.ts';
export { GROUPS, OPERATIONS, operationsOf } from './operations/operation.ts';
export type { Route } from './route/route.ts';
export { route } from './route/route.ts';
