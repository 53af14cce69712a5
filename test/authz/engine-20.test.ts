import { describeAuthz } from './describe-authz.ts';

describeAuthz('20.10');
