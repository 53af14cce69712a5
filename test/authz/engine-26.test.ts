import { describeAuthz } from './describe-authz.ts';

describeAuthz('26.1');
