import { expect, test } from '@jest/globals';
import { parseCiEngine } from './ci-engine.ts';

test.each([
  { text: 'uat=tcp://uat.example.com:2376', url: 'tcp://uat.example.com:2376' },
  { text: 'uat=uat.example.com', url: 'tcp://uat.example.com:2376' },
  { text: 'uat=[2001:db8::5]:2377', url: 'tcp://[2001:db8::5]:2377' },
])('$text is an engine', ({ text, url }) => {
  expect(parseCiEngine(text)).toEqual({ environment: 'uat', url });
});

test.each([
  { name: 'no environment', text: 'tcp://uat.example.com' },
  { name: 'an empty environment', text: '=uat.example.com' },
  { name: 'upper case', text: 'UAT=uat.example.com' },
  { name: 'a path', text: '../x=uat.example.com' },
  { name: 'a long environment', text: `${'a'.repeat(32)}=uat.example.com` },
  { name: 'the project of the tests', text: 'test=uat.example.com' },
  { name: 'no address', text: 'uat=' },
  { name: 'a socket', text: 'uat=unix:///var/run/docker.sock' },
  { name: 'a line break', text: 'uat=a\nb' },
])('$name is refused', ({ text }) => {
  expect(() => parseCiEngine(text)).toThrow(expect.objectContaining({ code: 'CI_ENGINE_INVALID' }));
});

test('what is refused cannot reach the terminal as it is', () => {
  expect(() => parseCiEngine('\u001b[31m')).toThrow('the engine "\\u001b[31m" names no environment');
});
