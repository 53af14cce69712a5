import { describeBook } from './describe-book.ts';

describeBook('20.10');
