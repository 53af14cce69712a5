import { expect, test } from '@jest/globals';
import { matchesAllTags, matchesImage, normalizeImage } from './image-reference.ts';

const DIGEST = `@sha256:${'a'.repeat(64)}`;

test.each([
  ['alpine', 'docker.io/library/alpine:latest'],
  ['alpine:3', 'docker.io/library/alpine:3'],
  ['web/app', 'docker.io/web/app:latest'],
  ['docker.io/alpine', 'docker.io/library/alpine:latest'],
  ['index.docker.io/web/app', 'docker.io/web/app:latest'],
  ['localhost/app', 'localhost/app:latest'],
  ['registry.example/app', 'registry.example/app:latest'],
  ['host:5000/app:1', 'host:5000/app:1'],
  [`alpine${DIGEST}`, `docker.io/library/alpine${DIGEST}`],
  [`alpine:3${DIGEST}`, `docker.io/library/alpine${DIGEST}`],
  ['index.docker.io/alpine', 'docker.io/library/alpine:latest'],
  ['index.docker.io/localhost/app', 'docker.io/localhost/app:latest'],
  ['index.docker.io/registry.example/app', 'docker.io/registry.example/app:latest'],
  ['docker.io/registry.example/app', 'docker.io/registry.example/app:latest'],
  ['abc123', undefined],
  ['a', undefined],
  [`sha256:${'a'.repeat(64)}`, undefined],
  ['Alpine', undefined],
  ['../alpine', undefined],
  ['alpine:', undefined],
  ['', undefined],
  [`x${'y'.repeat(600)}`, undefined],
])('the engine reads the image %j as %j', (reference, expected) => {
  expect(normalizeImage(reference)).toBe(expected);
});

test.each([
  ['**', 'alpine', true],
  ['**', 'abc123', false],
  ['*', 'alpine:3', true],
  ['*', 'web/app', false],
  ['alpine', 'alpine:3', true],
  ['alpine', `alpine${DIGEST}`, true],
  ['alpine', 'alpine2', false],
  ['alpine:3', 'alpine', false],
  ['alpine:3.*', 'alpine:3.1', true],
  ['alpine:3.*', 'alpine:3x1', false],
  ['registry.example/*', 'registry.example/a/b', false],
  ['registry.example/**', 'registry.example/a/b:1', true],
  ['registry.example/**', 'registryxexample/a', false],
  ['host:5000/app', 'host:5000/app:1', true],
  ['host:5000/app', 'host:5000/app', true],
  ['localhost/app', 'app', false],
  ['registry.example/**', 'index.docker.io/registry.example/a', false],
  ['localhost/app', 'index.docker.io/localhost/app', false],
  ['docker.io/**', 'web/app', true],
  ['docker.io/*', 'web/app', false],
  ['**/app', 'host:5000/web/app:1', true],
  ['**/app', 'host:5000/web/app2:1', false],
  ['alpine:3.*', `alpine:3.1${DIGEST}`, false],
  ['alpine:*', `alpine:3.1${DIGEST}`, false],
  ['alpine', `alpine:3.1${DIGEST}`, true],
  [`alpine:3.1${DIGEST}`, `alpine${DIGEST}`, true],
  [`alpine${DIGEST}`, `alpine:3.1${DIGEST}`, true],
  ['host:5000/app@*', `host:5000/app:1${DIGEST}`, true],
])('the pattern %j on %j: %j', (pattern, reference, expected) => {
  expect(matchesImage(pattern, reference)).toBe(expected);
});

test.each([
  ['alpine', 'alpine', true],
  ['alpine:*', 'alpine', true],
  ['alpine:latest', 'alpine', false],
  ['alpine:latest', 'alpine:latest', true],
  ['alpine@*', 'alpine', false],
  ['alpine', 'debian', false],
  ['registry.example/**', 'registry.example/a/b', true],
  ['alpine', 'abc123', false],
])('the pattern %j on all tags of %j: %j', (pattern, reference, expected) => {
  expect(matchesAllTags(pattern, reference)).toBe(expected);
});
