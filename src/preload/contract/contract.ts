/**
 * The admin contract as one table: for each channel the schema of what goes in and of what comes out (DESIGN section 6).
 * Both sides parse by it, the window's forms too; a channel without a schema, or a schema without a channel, does not compile.
 */
import type { z } from 'zod';
import { auditChannels } from './audit.ts';
import { authorityChannels } from './authorities.ts';
import { backupChannels } from './backups.ts';
import { certificateChannels } from './certificates.ts';
import { challengeChannels } from './challenges.ts';
import type { Channel } from './channels.ts';
import { courierChannels } from './courier.ts';
import { crlChannels } from './crls.ts';
import { desktopChannels } from './desktop.ts';
import { diagnosticsChannels } from './diagnostics.ts';
import { endpointChannels } from './endpoints.ts';
import { kitChannels } from './kits.ts';
import { listenerChannels } from './listener.ts';
import { migrationChannels } from './migration.ts';
import { profileChannels } from './profiles.ts';
import { requestChannels } from './requests.ts';
import { settingsChannels } from './settings.ts';
import { statusChannels } from './status.ts';
import { transactionChannels } from './transactions.ts';
import { vaultChannels } from './vault.ts';
import { windowChannels } from './window.ts';

export const contract = {
  ...statusChannels,
  ...vaultChannels,
  ...listenerChannels,
  ...authorityChannels,
  ...endpointChannels,
  ...profileChannels,
  ...requestChannels,
  ...challengeChannels,
  ...certificateChannels,
  ...crlChannels,
  ...transactionChannels,
  ...auditChannels,
  ...backupChannels,
  ...courierChannels,
  ...migrationChannels,
  ...settingsChannels,
  ...diagnosticsChannels,
  ...kitChannels,
  ...windowChannels,
  ...desktopChannels,
} as const satisfies Record<Channel, { readonly input: z.ZodType; readonly output: z.ZodType }>;

type Contract = typeof contract;

/** What a caller may send: fields with defaults may be left out. */
export type Input<C extends Channel> = z.input<Contract[C]['input']>;
/** What a handler gets: parsed, defaults filled in. */
export type Parsed<C extends Channel> = z.output<Contract[C]['input']>;
export type Output<C extends Channel> = z.output<Contract[C]['output']>;
