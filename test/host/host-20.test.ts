import { describeHost } from './describe-host.ts';

describeHost('20.10');
