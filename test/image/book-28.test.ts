import { describeBook } from './describe-book.ts';

describeBook('28.5');
