import { describePipeline } from './describe-pipeline.ts';
import { gitlab } from './servers/gitlab.ts';

describePipeline({
  target: 'gitlab',
  server: gitlab,
  compose: 'docker-compose',
  version: '20.10',
  needs: ['docker-compose'],
});
