import fs from 'node:fs';
import path from 'node:path';
import { parseCases } from '@docker-mtls/policy';
import type { PolicyCase } from '@docker-mtls/policy';

const FOLDER = path.join(import.meta.dirname, '../conformance');
const NOW = Date.UTC(2026, 5, 1);

export function readPolicyText(): string {
  return fs.readFileSync(path.join(FOLDER, 'policy.yaml'), 'utf8');
}

/** Every case of cases.yaml. */
export function readCases(): readonly PolicyCase[] {
  return parseCases(fs.readFileSync(path.join(FOLDER, 'cases.yaml'), 'utf8'), { now: NOW });
}
