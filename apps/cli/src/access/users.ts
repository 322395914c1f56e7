import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { oneOf } from '../read-input.ts';
import { renderFields } from '../output/render-table.ts';

/** `user list`. */
export async function listUsers(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/users', { params: { query } })),
    (users) => ({
      columns: ['name', 'kind', 'admin', 'created', 'title'],
      rows: users.map((user) => [
        user.name,
        user.kind === 'user' ? 'user' : 'service account',
        user.admin ? 'yes' : 'no',
        localTime(user.createdAt, context.nowAt),
        user.title,
      ]),
      empty: 'no users',
    }),
  );
}

/** What `user create` is told. */
export interface CreateUserOptions {
  name: string;
  title?: string | undefined;
  serviceAccount?: boolean | undefined;
  admin?: boolean | undefined;
}

/** `user create`. */
export async function createUser(context: Context, options: CreateUserOptions): Promise<void> {
  const body = {
    name: options.name,
    title: options.title ?? '',
    kind: options.serviceAccount === true ? ('serviceAccount' as const) : ('user' as const),
    admin: options.admin ?? false,
  };
  const user = await unwrap(context.client.POST('/api/v1/users', { body }));
  context.out.document(
    user,
    () => `created ${user.name}; its token: interpulse token create --user ${user.name}`,
  );
}

/** `user me`. */
export async function showMe(context: Context): Promise<void> {
  const me = await unwrap(context.client.GET('/api/v1/me'));
  context.out.document(me, () =>
    renderFields([
      ['name', me.name],
      ['kind', me.kind],
      ['administers', me.admin ? 'the hub' : 'nothing'],
      ...Object.entries(me.projects).map(([name, role]) => [`project ${name}`, role] as const),
      ['hub', `${context.connection.url} (from ${context.connection.source})`],
    ]),
  );
}

/** What `account create` is told. */
export interface CreateAccountOptions {
  name: string;
  title?: string | undefined;
  project?: string | undefined;
  role: string;
}

/** `account create`: a service account of a project. */
export async function createAccount(
  context: Context,
  options: CreateAccountOptions,
): Promise<void> {
  const { name, title = '', project } = options;
  const role = oneOf('--role', ['reader', 'member'], options.role);
  const body = { name, title, role, ...(project === undefined ? {} : { project }) };
  const account = await unwrap(context.client.POST('/api/v1/service-accounts', { body }));
  context.out.document(
    account,
    () =>
      `created service account ${account.name} of project ${account.project}; its token: ` +
      `interpulse token create --user ${account.name}`,
  );
}
