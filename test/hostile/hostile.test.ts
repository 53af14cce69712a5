import { describeRows } from './describe-rows.ts';
import { ROWS } from './rows/index.ts';

describeRows(ROWS);
