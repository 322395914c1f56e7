/**
 * `node tools/package/bundle-pilot.ts FOLDER` writes the pilot as one file into FOLDER. An agent
 * that runs from a checkout starts it, to give the nodes of a batch system what they can run.
 */
import { dirname } from 'node:path';

import { bundlePilot } from './bundle-programs.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder for the pilot');
await bundlePilot(dirname(dirname(import.meta.dirname)), folder);
