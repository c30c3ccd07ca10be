/** The entry on plain Node: the command line, `serve` among it. Nothing of Electron is reachable from here. */
import './hosts/headless/heap.ts';
import { main } from './hosts/headless/cli.ts';

await main(process.argv.slice(2));
