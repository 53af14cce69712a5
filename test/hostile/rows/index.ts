import type { Row } from '../row.ts';
import { ALT_NAME_ROWS } from './alt-names.ts';
import { AUDIT_LOG_ROWS } from './audit-logs.ts';
import { BUNDLE_ROWS } from './bundles.ts';
import { UNBUNDLE_ROWS } from './unbundle.ts';
import { CA_CARE_ROWS } from './ca-care.ts';
import { CA_DIRECTORY_ROWS } from './ca-directories.ts';
import { CERTIFICATE_ROWS } from './certificates.ts';
import { COMMAND_LINE_ROWS } from './command-lines.ts';
import { DAEMON_CONFIG_ROWS } from './daemon-configs.ts';
import { LIFETIME_ROWS } from './lifetimes.ts';
import { NAME_LIST_ROWS } from './name-lists.ts';
import { NAME_ROWS } from './names.ts';
import { PASSPHRASE_ROWS } from './passphrases.ts';
import { POLICY_ROWS } from './policies.ts';
import { PROFILE_ROWS } from './profiles.ts';
import { RENEWAL_ROWS } from './renewals.ts';
import { REQUEST_ROWS } from './requests.ts';
import { SECURE_ROWS } from './secure.ts';
import { SSH_HOST_ROWS } from './ssh-hosts.ts';

/** Every hostile input, in the order of the commands that a newcomer types. */
export const ROWS: readonly Row[] = [
  ...COMMAND_LINE_ROWS,
  ...NAME_ROWS,
  ...NAME_LIST_ROWS,
  ...ALT_NAME_ROWS,
  ...LIFETIME_ROWS,
  ...PASSPHRASE_ROWS,
  ...CA_DIRECTORY_ROWS,
  ...CA_CARE_ROWS,
  ...PROFILE_ROWS,
  ...REQUEST_ROWS,
  ...RENEWAL_ROWS,
  ...DAEMON_CONFIG_ROWS,
  ...BUNDLE_ROWS,
  ...UNBUNDLE_ROWS,
  ...CERTIFICATE_ROWS,
  ...SECURE_ROWS,
  ...SSH_HOST_ROWS,
  ...POLICY_ROWS,
  ...AUDIT_LOG_ROWS,
];
