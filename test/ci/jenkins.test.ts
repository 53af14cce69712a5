import { describePipeline } from './describe-pipeline.ts';
import { jenkins } from './servers/jenkins.ts';

describePipeline({
  target: 'jenkins',
  server: jenkins,
  compose: 'plugin',
  version: '28.5',
  needs: ['groovy'],
});
