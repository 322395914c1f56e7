import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { bytes, localTime } from '../output/quantities.ts';
import { renderTable } from '../output/render-table.ts';

/** `collection list`. */
export async function listCollections(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/collections', { params: { query } })),
    (collections) => ({
      columns: ['collection', 'site', 'writable', 'project', 'title'],
      rows: collections.map((each) => [
        each.name,
        each.siteName,
        each.writable ? 'yes' : 'no',
        each.project ?? 'everybody',
        each.title,
      ]),
      empty: 'no collections; an agent offers them',
    }),
  );
}

/** `collection ls`. */
export async function listFolder(context: Context, location: string): Promise<void> {
  const params = { query: { location } };
  const folder = await unwrap(context.client.GET('/api/v1/folder', { params }));
  context.out.document(folder, () =>
    renderTable({
      columns: ['name', 'size', 'changed'],
      rows: folder.entries.map((entry) => [
        entry.type === 'folder' ? `${entry.name}/` : entry.name,
        entry.type === 'folder' ? null : bytes(entry.sizeBytes),
        localTime(entry.modifiedAt, context.nowAt),
      ]),
      empty: `${location} is empty`,
    }),
  );
}
