import { describeSecuredEngine } from './describe-secured-engine.ts';

describeSecuredEngine('20.10');
