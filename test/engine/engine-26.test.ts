import { describeSecuredEngine } from './describe-secured-engine.ts';

describeSecuredEngine('26.1');
