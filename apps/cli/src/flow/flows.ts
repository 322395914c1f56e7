import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { renderFields } from '../output/render-table.ts';
import { readObject } from '../read-document.ts';
import { defined } from '../read-input.ts';
import { placedFaults, warningLine, type FlowSource } from './placed-faults.ts';
import { readFlowFile } from './read-flow-file.ts';
import { stateNamesInOrder } from './state-names-in-order.ts';

/** What `flow list` is told. */
export interface ListFlowsOptions extends Paging {
  project?: string | undefined;
  search?: string | undefined;
  archived?: boolean | undefined;
}

/** `flow list`. */
export async function listFlows(context: Context, options: ListFlowsOptions): Promise<void> {
  const { project, search: q } = options;
  const wanted = defined({ project, q, archived: options.archived ? 'true' : undefined });
  await printList(
    context,
    options,
    (page) => {
      const query = { ...page, ...wanted };
      return unwrap(context.client.GET('/api/v1/flows', { params: { query } }));
    },
    (flows) => ({
      columns: ['name', 'version', 'project', 'changed', 'title'],
      rows: flows.map((flow) => [
        flow.name,
        flow.version,
        flow.project,
        localTime(flow.updatedAt, context.nowAt),
        flow.title,
      ]),
      empty: 'no flows yet; add one with: interpulse flow save FILE',
    }),
  );
}

/** What `flow show` is told. */
export interface ShowFlowOptions {
  flow: string;
  version?: number | undefined;
}

/** `flow show` and `flow get`. */
export async function showFlow(context: Context, options: ShowFlowOptions): Promise<void> {
  const { flow, version } = options;
  const params = { path: { flow }, query: defined({ version }) };
  const found = await unwrap(context.client.GET('/api/v1/flows/{flow}', { params }));
  context.out.document(found, () => {
    const { name, version, title, description, project, owner, definition } = found;
    const fields = renderFields([
      ['flow', `${name}, version ${version}`],
      ['title', title],
      ['project', project],
      ['owner', owner],
      ['acts as', found.serviceAccount],
      ['starters', found.starters.join(', ')],
      ['viewers', found.viewers.join(', ')],
      ['administrators', found.administrators.join(', ')],
      ['run managers', found.runManagers.join(', ')],
      ['run monitors', found.runMonitors.join(', ')],
      ['put away', localTime(found.archivedAt, context.nowAt)],
      ['states', stateNamesInOrder(definition).join(', ')],
    ]);
    return `${fields}\n\n${description}\n\n${JSON.stringify(definition, null, 2)}`;
  });
}

/** What `flow save` is told. */
export interface SaveFlowOptions {
  file: string;
  name?: string | undefined;
  project?: string | undefined;
  account?: string | undefined;
}

/** `flow save`: a request, or a bare definition in the Globus Flows language; JSON or YAML. */
export async function saveFlow(context: Context, options: SaveFlowOptions): Promise<void> {
  const { project, account: serviceAccount } = options;
  const { flow, content, source } =
    options.file === '-' ? fromStandardInput(options) : fromFile(options, options.name);
  const body = { ...content, ...defined({ project, serviceAccount }) } as Schemas['SaveFlowBody'];
  const answer = context.client.PUT('/api/v1/flows/{flow}', { params: { path: { flow } }, body });
  const saved = await unwrap(answer);
  const warnings = placedFaults(source, saved.warnings);
  context.out.document(saved, () => `saved flow ${saved.name}, version ${saved.version}`);
  // They are no part of what scripts read; with --json they are in the document.
  if (context.out.isJson) return;
  for (const warning of warnings) context.out.note(warningLine(source.file, warning));
}

interface ToSave {
  flow: string;
  content: Record<string, unknown>;
  /** Where what is worth a look has its line. */
  source: FlowSource;
}

function fromFile({ file }: SaveFlowOptions, named: string | undefined): ToSave {
  const source = readFlowFile(file);
  const { name, title, description, definition, inputSchema, more, faults, brokenAt } = source;
  const [fault] = faults;
  if (fault) {
    const where = brokenAt === null ? '' : `${file}:${brokenAt.line}:${brokenAt.column}: `;
    throw new DomainError('invalid', `${where}${fault.msg}`, { faults });
  }
  const texts = { title, description, definition, inputSchema };
  return { flow: named ?? name, content: { ...more, ...texts }, source };
}

function fromStandardInput({ name: given }: SaveFlowOptions): ToSave {
  const { name: named, ...content } = readObject('-');
  const flow = given ?? (typeof named === 'string' ? named : undefined);
  if (flow === undefined) {
    throw new DomainError('invalid', 'standard input does not name the flow; say --name NAME');
  }
  const isBare = content['StartAt'] !== undefined && content['States'] !== undefined;
  const source = { file: 'standard input', isBare, schemaKey: 'inputSchema', brokenAt: null };
  return { flow, content: isBare ? { definition: content } : content, source };
}
