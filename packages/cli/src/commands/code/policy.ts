// What the commands do that read policies and audit logs, and the plugin that an engine asks.
export { exportLog } from '../audit/export.ts';
export { queryLog } from '../audit/query.ts';
export { tailLog } from '../audit/tail.ts';
export { verifyLog } from '../audit/verify.ts';
export { addAction, listLocksAction, removeAction } from '../authz/lock.ts';
export { serveAction } from '../authz/serve.ts';
export { checkPolicy } from '../policy/check.ts';
export { diffPolicies } from '../policy/diff.ts';
export { explainRequest } from '../policy/explain.ts';
export { printPreset } from '../policy/preset.ts';
export { testPolicy } from '../policy/test.ts';
