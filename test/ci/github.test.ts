import { describePipeline } from './describe-pipeline.ts';
import { github } from './servers/github.ts';

describePipeline({ target: 'github', server: github, compose: 'plugin', version: '26.1', needs: [] });
