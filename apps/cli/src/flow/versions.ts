import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { diffLines } from './diff-lines.ts';
import { warningLine } from './placed-faults.ts';

/** `flow versions`. */
export async function listVersions(context: Context, flow: string, options: Paging): Promise<void> {
  const path = { flow };
  await printList(
    context,
    options,
    (query) =>
      unwrap(context.client.GET('/api/v1/flows/{flow}/versions', { params: { path, query } })),
    (versions) => ({
      columns: ['version', 'saved', 'by', 'flow runs', 'title'],
      rows: versions.map(({ version, createdAt, savedBy, flowRuns, title }) => [
        version,
        localTime(createdAt, context.nowAt),
        savedBy,
        flowRuns,
        title,
      ]),
      empty: 'no versions',
    }),
  );
}

/** `flow diff`: what changed from a version (else the one before) to another (else the newest). */
export async function diffVersions(
  context: Context,
  { flow, from, to }: { flow: string; from?: number | undefined; to?: number | undefined },
): Promise<void> {
  const get = async (version: number | undefined) => {
    const params = { path: { flow }, query: version === undefined ? {} : { version } };
    return unwrap(context.client.GET('/api/v1/flows/{flow}', { params }));
  };
  const after = await get(to);
  const before = await get(from ?? Math.max(1, after.version - 1));
  const textOf = ({ title, description, definition, inputSchema }: typeof before): string[] =>
    JSON.stringify({ title, description, definition, inputSchema }, null, 2).split('\n');
  const lines = diffLines(textOf(before), textOf(after));
  context.out.document({ flow, from: before.version, to: after.version, lines }, () =>
    lines.length === 0
      ? `versions ${before.version} and ${after.version} of ${flow} are the same`
      : [`--- version ${before.version}`, `+++ version ${after.version}`, ...lines].join('\n'),
  );
}

/** `flow restore`. */
export async function restoreVersion(
  context: Context,
  flow: string,
  version: number,
): Promise<void> {
  const params = { path: { flow } };
  const body = { version };
  const saved = await unwrap(context.client.POST('/api/v1/flows/{flow}/restore', { params, body }));
  context.out.document(
    saved,
    () => `version ${version} is now version ${saved.version} of ${flow}`,
  );
  if (context.out.isJson) return;
  for (const warning of saved.warnings) {
    context.out.note(warningLine(flow, { ...warning, place: null }));
  }
}

/** `flow delete` and `flow archive`. */
export async function archiveFlow(context: Context, flow: string, away: boolean): Promise<void> {
  const params = { path: { flow } };
  const body = { archived: away };
  const saved = await unwrap(context.client.PATCH('/api/v1/flows/{flow}', { params, body }));
  const said = away ? 'is put away; its flow runs stay' : 'can be started again';
  context.out.document(saved, () => `flow ${flow} ${said}`);
}
