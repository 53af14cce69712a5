import { describeNeeding } from '../support/describe-needing.ts';
import { engineNeeds } from '../support/needs.ts';
import { expect, test } from '@jest/globals';
import { newHome, server, serverCertificate } from './homes.ts';
import { buildImages, startImageEngine } from './image-engine.ts';

// The command line of 20.10 speaks to BuildKit by itself; later ones want a plug-in for it.
describeNeeding(
  [...engineNeeds('20.10'), 'docker command'],
  'the image, built by BuildKit on the oldest engine',
  () => {
    test('is the same', async () => {
      const host = await startImageEngine('20.10', '1');
      await buildImages(host);
      expect(await host.must('history', '--format', '{{.Comment}}', 'docker-mtls')).toContain('buildkit');
      const home = newHome();
      expect(await server(host, home)).toMatchObject({ code: 0, stderr: '' });
      expect(serverCertificate(home).subject).toBe('CN=localhost');
    });
  },
);
