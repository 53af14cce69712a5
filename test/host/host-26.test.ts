import { describeHost } from './describe-host.ts';

describeHost('26.1');
