import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError, type Fault } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { pairs } from '../read-input.ts';
import { placedFaults, type PlacedFault } from './placed-faults.ts';
import { readFlowFile, type FlowFile } from './read-flow-file.ts';

/** What `flow import` is told. */
export interface ImportFlowsOptions {
  files: string[];
  /** Only say what would be. */
  check?: boolean | undefined;
  name?: string | undefined;
  project?: string | undefined;
  /** The service account of the flows. */
  account?: string | undefined;
  /** ROLE=ACCOUNT: whom `RunAs` means by a role. */
  role?: string[] | undefined;
}

/** Whom the flows act as, as the API has it. */
type Accounts = Pick<Schemas['SaveFlowBody'], 'serviceAccount' | 'roles'>;

/** What became of one file. */
interface ImportedFile {
  file: string;
  flow: string;
  imports: boolean;
  /** The version that was saved; null when nothing was. */
  version: number | null;
  faults: PlacedFault[];
  needs: { kind: string; id: string; loc: (string | number)[]; msg: string }[];
  warnings: Fault[];
}

/**
 * `flow import`: definitions written for Globus, as they are. Every file is looked at before one
 * is saved; when one does not import, none is saved.
 */
export async function importFlows(context: Context, options: ImportFlowsOptions): Promise<void> {
  const { files, name } = options;
  if (name !== undefined && files.length > 1) {
    throw new DomainError('invalid', '--name is for one file; leave it out for several');
  }
  const read = files.map(readFlowFile);
  const accounts = accountsOf(options);
  const found: ImportedFile[] = [];
  for (const flow of read) {
    const called = name ?? flow.name;
    const checked = await checkFile(context, flow, { flow: called, ...accounts });
    found.push({ file: flow.file, flow: called, version: null, ...checked });
  }
  const twice = found.find(({ flow }, index) => found.findIndex((e) => e.flow === flow) !== index);
  if (twice) throw new DomainError('invalid', `two files give a flow ${twice.flow}; rename one`);
  const isGood = found.every(({ imports }) => imports);
  if (options.check !== true && isGood) {
    for (const [index, each] of found.entries()) {
      const more = options.project === undefined ? {} : { project: options.project };
      each.version = await save(context, each.flow, read[index], { ...more, ...accounts });
    }
  }
  context.out.document({ files: found }, () => found.map(textOf).join('\n'));
  if (isGood) return;
  if (options.check !== true) context.out.note('nothing was saved: not every file imports');
  process.exitCode = 1;
}

function accountsOf({ account, role }: ImportFlowsOptions): Accounts {
  return {
    ...(account === undefined ? {} : { serviceAccount: account }),
    ...(role === undefined ? {} : { roles: pairs(role) }),
  };
}

async function checkFile(context: Context, flow: FlowFile, saved: Accounts & { flow: string }) {
  if (flow.faults.length > 0) {
    return { imports: false, faults: placedFaults(flow, flow.faults), needs: [], warnings: [] };
  }
  const { definition, inputSchema } = flow;
  const body = { definition, inputSchema, ...saved } as Schemas['CheckFlowImportBody'];
  const found = await unwrap(context.client.POST('/api/v1/flow-imports/check', { body }));
  return { ...found, faults: placedFaults(flow, found.faults) };
}

async function save(
  { client }: Context,
  name: string,
  flow: FlowFile | undefined,
  more: Accounts & { project?: string },
): Promise<number> {
  const { title = '', description = '', definition, inputSchema = {} } = flow ?? {};
  const body = { title, description, definition, inputSchema, ...more };
  const params = { path: { flow: name } };
  const answer = client.PUT('/api/v1/flows/{flow}', {
    params,
    body: body as Schemas['SaveFlowBody'],
  });
  return (await unwrap(answer)).version;
}

function textOf({ file, flow, imports, version, faults, needs, warnings }: ImportedFile): string {
  const saved = version === null ? '' : `; saved as version ${version}`;
  const lines = [`${file}: ${imports ? `imports as flow ${flow}${saved}` : 'does not import'}`];
  for (const { loc, msg, place } of faults) {
    const line = place === null ? '' : `line ${place.line}: `;
    lines.push(`  fault  ${line}${placeOf(loc)}${msg}`);
  }
  for (const { loc, msg } of needs) lines.push(`  needs  ${placeOf(loc)}${msg}`);
  for (const { loc, msg } of warnings) lines.push(`  note   ${placeOf(loc)}${msg}`);
  return lines.join('\n');
}

function placeOf(loc: readonly (string | number)[]): string {
  return loc.length === 0 ? '' : `${loc.join('.')}: `;
}
