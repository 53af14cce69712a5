import { describeHost } from './describe-host.ts';

describeHost('28.5');
