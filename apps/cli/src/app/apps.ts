import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { renderFields } from '../output/render-table.ts';
import { readObject } from '../read-document.ts';
import { describeApp } from './describe-app.ts';

/** `app list`. */
export async function listApps(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/apps', { params: { query } })),
    (apps) => ({
      columns: ['app', 'program', 'cores', 'title'],
      rows: apps.map((each) => [
        each.name,
        each.command.flat()[0],
        each.resources.cores,
        each.title,
      ]),
      empty: 'no apps yet; add one with: interpulse app save FILE',
    }),
  );
}

/** `app show`. */
export async function showApp(context: Context, app: string): Promise<void> {
  const params = { path: { app } };
  const found = await unwrap(context.client.GET('/api/v1/apps/{app}', { params }));
  context.out.document(found, () => renderFields(describeApp(found)));
}

/** `app save`. */
export async function saveApp(
  context: Context,
  options: { file: string; name?: string | undefined },
): Promise<void> {
  const { name: named, ...content } = readObject(options.file);
  const app = options.name ?? (typeof named === 'string' ? named : undefined);
  if (app === undefined) {
    throw new DomainError('invalid', `${options.file} does not name the app; say --name NAME`);
  }
  const answer = context.client.PUT('/api/v1/apps/{app}', {
    params: { path: { app } },
    body: content as Schemas['SaveAppBody'],
  });
  const saved = await unwrap(answer);
  context.out.document(saved, () => `saved app ${saved.name}`);
}

/** `app remove`. */
export async function removeApp(context: Context, app: string): Promise<void> {
  await unwrap(context.client.DELETE('/api/v1/apps/{app}', { params: { path: { app } } }));
  context.out.document(
    { deleted: app },
    () => `removed app ${app}; its jobs that were submitted go on`,
  );
}
