import { describe, expect, test } from '@jest/globals';
import { decodeContextMetadata, encodeContextMetadata, type ContextMetadata } from './context-metadata.ts';

const PLAIN: ContextMetadata = {
  name: 'prod',
  description: '',
  host: 'tcp://10.0.0.1:2376',
  skipTlsVerify: false,
  otherMetadata: {},
  otherEndpoints: {},
};

// As docker CLI 20.10.24 and 28.2.2 wrote them.
const WRITTEN = [
  {
    what: 'without a description',
    context: PLAIN,
    json: '{"Name":"prod","Metadata":{},"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2376","SkipTLSVerify":false}}}',
  },
  {
    what: 'with one that HTML would mistake',
    context: { ...PLAIN, description: 'x <b> & é "q"' },
    json: String.raw`{"Name":"prod","Metadata":{"Description":"x \u003cb\u003e \u0026 é \"q\""},"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2376","SkipTLSVerify":false}}}`,
  },
  {
    what: 'without a host',
    context: { ...PLAIN, host: '', skipTlsVerify: true },
    json: '{"Name":"prod","Metadata":{},"Endpoints":{"docker":{"SkipTLSVerify":true}}}',
  },
  {
    what: 'with fields of somebody else',
    context: {
      ...PLAIN,
      otherMetadata: { StackOrchestrator: 'swarm', a: { z: 1, b: [true, null] } },
      otherEndpoints: { kubernetes: { Host: 'https://k' } },
    },
    json: '{"Name":"prod","Metadata":{"StackOrchestrator":"swarm","a":{"b":[true,null],"z":1}},"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2376","SkipTLSVerify":false},"kubernetes":{"Host":"https://k"}}}',
  },
  {
    what: 'with fields whose names are numbers',
    context: { ...PLAIN, otherMetadata: { '!': true, '10': 1, '9': 2 } },
    json: '{"Name":"prod","Metadata":{"!":true,"10":1,"9":2},"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2376","SkipTLSVerify":false}}}',
  },
];

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

describe('meta.json', () => {
  test.each(WRITTEN)('$what, is written as the CLI does', ({ context, json }) => {
    expect(encodeContextMetadata(context)).toBe(json);
  });

  test.each(WRITTEN)('$what, is read back', ({ context, json }) => {
    expect(decodeContextMetadata(Buffer.from(json))).toEqual(context);
  });

  test.each([
    ['a name', 'one level too much', `{"Name":${nested(100)}}`],
    ['a name', '20 000 times', `{"Name":${nested(20_000)}}`],
    ['metadata', 'one level too much', `{"Metadata":{"x":${nested(99)}}}`],
    ['metadata', '20 000 times', `{"Metadata":{"x":${nested(20_000)}}}`],
  ])('%s that is nested %s is refused', (_what, _times, json) => {
    expect(() => decodeContextMetadata(Buffer.from(json))).toThrow('nested more than 100 levels deep');
  });

  test('nested as deep as it may be, is read and written', () => {
    const json = `{"Name":"prod","Metadata":{"x":${nested(98)}},"Endpoints":{"docker":{"SkipTLSVerify":false}}}`;
    expect(encodeContextMetadata(decodeContextMetadata(Buffer.from(json)))).toBe(json);
  });

  test('the names of fields may have any case, as Go has it', () => {
    const json = '{"name":"prod","metadata":{},"endpoints":{"docker":{"host":"tcp://10.0.0.1:2376"}}}';
    expect(decodeContextMetadata(Buffer.from(json))).toEqual(PLAIN);
  });

  // The Docker CLI connects to the second of them.
  test('a second host is refused, written with a long s as well', () => {
    const json = '{"Endpoints":{"docker":{"Host":"tcp://10.0.0.1:2376","Ho\u017ft":"tcp://10.6.6.6:2376"}}}';
    expect(() => decodeContextMetadata(Buffer.from(json))).toThrow('it has Host twice');
  });

  test.each([
    ['', 'nothing'],
    ['[]', 'a list'],
    ['null', 'null'],
    ['{"Name":1}', 'a number for a name'],
    ['{"Name":"a","name":"b"}', 'two names'],
    ['{"Metadata":[]}', 'a list for metadata'],
    ['{"Metadata":{"Description":{}}}', 'an object for a description'],
    ['{"Endpoints":{"docker":"x"}}', 'a string for an endpoint'],
    ['{"Endpoints":{"docker":{"Host":["x"]}}}', 'a list for a host'],
    ['{"Endpoints":{"docker":{"SkipTLSVerify":"false"}}}', 'a string for true or false'],
    ['{"Name":"\u00ff"}', 'other bytes than UTF-8'],
    ['\u00ef\u00bb\u00bf{}', 'a byte order mark'],
  ])('%s is refused: %s', (json) => {
    expect(() => decodeContextMetadata(Buffer.from(json, 'latin1'))).toThrow(
      expect.objectContaining({ code: 'BUNDLE_CONTEXT_INVALID' }),
    );
  });
});
