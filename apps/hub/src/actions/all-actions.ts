import type { Action } from './action.ts';
import { compute } from './compute.ts';
import { ingest } from './ingest.ts';
import { report } from './report.ts';
import { transfer } from './transfer.ts';

/** The built-in actions by the NAME in `interpulse:NAME`. */
export const allActions: Readonly<Record<string, Action>> = { compute, transfer, ingest, report };
