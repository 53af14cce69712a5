import { describeNeeding } from '../support/describe-needing.ts';
import { describeRows } from './describe-rows.ts';
import { CONTAINER_ROWS } from './rows/containers.ts';

describeNeeding(['root', 'mounts'], 'what the image is given', () => describeRows(CONTAINER_ROWS));
