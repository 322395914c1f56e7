import { access } from './access.ts';
import type { Action } from './action.ts';
import { collection } from './collection.ts';
import { compute } from './compute.ts';
import { deletePaths } from './delete.ts';
import { evaluate } from './evaluate.ts';
import { hello } from './hello.ts';
import { ingest } from './ingest.ts';
import { list } from './list.ts';
import { mkdir } from './mkdir.ts';
import { notify } from './notify.ts';
import { report } from './report.ts';
import { skip } from './skip.ts';
import { stat } from './stat.ts';
import { transfer } from './transfer.ts';

/** The built-in actions by the NAME in `interpulse:NAME`. */
export const allActions: Readonly<Record<string, Action>> = {
  compute,
  transfer,
  ingest,
  report,
  delete: deletePaths,
  mkdir,
  list,
  stat,
  collection,
  access,
  notify,
  evaluate,
  hello,
  skip,
};
