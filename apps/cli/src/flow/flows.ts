import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { renderFields } from '../output/render-table.ts';
import { readJsonObject } from '../read-input.ts';

/** `flow list`. */
export async function listFlows(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/flows', { params: { query } })),
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

/** `flow show`. */
export async function showFlow(context: Context, flow: string): Promise<void> {
  const params = { path: { flow } };
  const found = await unwrap(context.client.GET('/api/v1/flows/{flow}', { params }));
  context.out.document(found, () => {
    const { name, version, title, description, project, owner, definition } = found;
    const fields = renderFields([
      ['flow', `${name}, version ${version}`],
      ['title', title],
      ['project', project],
      ['owner', owner],
      ['states', Object.keys((definition['States'] as object | undefined) ?? {}).join(' → ')],
    ]);
    return `${fields}\n\n${description}\n\n${JSON.stringify(definition, null, 2)}`;
  });
}

/** What `flow save` is told. */
export interface SaveFlowOptions {
  file: string;
  name?: string | undefined;
  project?: string | undefined;
}

/** `flow save`: the file is a request, or a bare definition in the Globus Flows language. */
export async function saveFlow(context: Context, options: SaveFlowOptions): Promise<void> {
  const { name: named, ...content } = readJsonObject(options.file);
  const flow = options.name ?? (typeof named === 'string' ? named : undefined);
  if (flow === undefined) {
    throw new DomainError('invalid', `${options.file} does not name the flow; say --name NAME`);
  }
  const isBare = content['StartAt'] !== undefined && content['States'] !== undefined;
  const given = isBare ? { definition: content } : content;
  const project = options.project === undefined ? {} : { project: options.project };
  const body = { ...given, ...project } as Schemas['SaveFlowBody'];
  const answer = context.client.PUT('/api/v1/flows/{flow}', { params: { path: { flow } }, body });
  const saved = await unwrap(answer);
  context.out.document(saved, () => `saved flow ${saved.name}, version ${saved.version}`);
}
