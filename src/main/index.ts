/** The entry under Electron. */
import { start, tellFailure } from './hosts/electron/start.ts';

start().catch(tellFailure);
