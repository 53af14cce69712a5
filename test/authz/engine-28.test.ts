import { describeAuthz } from './describe-authz.ts';

describeAuthz('28.5');
