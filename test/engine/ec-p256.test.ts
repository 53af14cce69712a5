import { describeSecuredEngine } from './describe-secured-engine.ts';

describeSecuredEngine('28.5', 'ec-p256');
