// Prints docs/findings.md from the table of findings, once that is compiled:
// npx tsc --build && node scripts/findings-page.js > docs/findings.md
import { findingsPage } from '../packages/doctor/dist/catalogue/findings-page.js';

process.stdout.write(findingsPage());
