import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { executableParts } from '../executable/parts.js';
import { sourceFacts } from '../source-facts.js';
import { bundledPackages, manifestOf } from '../third-party-notices.js';

/** What scanners of vulnerabilities know these parts of Node as. */
const CPE = {
  node: 'nodejs:node.js',
  openssl: 'openssl:openssl',
  sqlite: 'sqlite:sqlite',
  zlib: 'zlib:zlib',
};

/** Versions of interfaces and data, not of libraries. */
const NO_LIBRARY = ['node', 'modules', 'napi', 'cldr', 'tz', 'unicode'];

/** The bill of materials of a release as CycloneDX 1.6 has it: https://cyclonedx.org/docs/1.6/json/ */
export function billOfMaterials(root, metafile) {
  const { version, released } = sourceFacts(root);
  const program = npmComponent({ name: 'docker-mtls', version, license: 'MIT' }, 'application');
  const npm = [...bundledPackages(metafile, root), ...installedPackages(root)];
  const packages = npm.map((each) => npmComponent(each, 'library'));
  const node = nodeComponent(executableParts(root));
  const content = {
    components: [...packages, node],
    dependencies: [
      { ref: program['bom-ref'], dependsOn: [...packages, node].map((each) => each['bom-ref']) },
      { ref: node['bom-ref'], dependsOn: node.components.map((each) => each['bom-ref']) },
    ],
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify([program, content]))}`,
    version: 1,
    metadata: { timestamp: released.toISOString(), component: program },
    ...content,
  };
}

/** What npm installs next to the published package, and the executables do without. */
function installedPackages(root) {
  const cli = path.join(root, 'packages/cli');
  const { dependencies } = JSON.parse(fs.readFileSync(path.join(cli, 'package.json'), 'utf8'));
  return Object.keys(dependencies).map((name) => manifestOf(path.join(cli, 'node_modules', name)));
}

function npmComponent({ name, version, license }, type) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return { type, 'bom-ref': purl, name, version, licenses: licencesOf(license), purl };
}

function licencesOf(license) {
  return /^[A-Za-z0-9.-]+$/.test(license) ? [{ license: { id: license } }] : [{ expression: license }];
}

/** Node with the libraries in it, by what it says of itself. */
function nodeComponent(parts) {
  const versions = JSON.parse(
    execFileSync(parts.node(os.arch()), ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' }),
  );
  const libraries = Object.keys(versions).filter(
    (name) => !NO_LIBRARY.includes(name) && versions[name] !== '',
  );
  return {
    ...genericComponent('node', parts.nodeVersion(), 'application'),
    components: libraries.map((name) => genericComponent(name, versions[name], 'library')),
  };
}

function genericComponent(name, version, type) {
  const purl = `pkg:generic/${name}@${encodeURIComponent(version)}`;
  const [plain] = /^[0-9.]+/.exec(version) ?? [version];
  const cpe = CPE[name] === undefined ? {} : { cpe: `cpe:2.3:a:${CPE[name]}:${plain}:*:*:*:*:*:*:*` };
  return { type, 'bom-ref': purl, name, version, ...cpe, purl };
}

/** The same content has the same number (RFC 9562, version 8). */
function uuidOf(text) {
  const hash = createHash('sha256').update(text).digest();
  hash[6] = (hash[6] & 0x0f) | 0x80;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
