import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { printList, type Paging } from '../output/print-list.ts';
import { localTime } from '../output/quantities.ts';
import { oneOf } from '../read-input.ts';

type Project = Schemas['Project'];

/** `project list`. */
export async function listProjects(context: Context, options: Paging): Promise<void> {
  await printList(
    context,
    options,
    (query) => unwrap(context.client.GET('/api/v1/projects', { params: { query } })),
    (projects) => ({
      columns: ['project', 'members', 'created', 'title'],
      rows: projects.map((project) => [
        project.name,
        membersOf(project),
        localTime(project.createdAt, context.nowAt),
        project.title,
      ]),
      empty: 'no projects',
    }),
  );
}

function membersOf({ members }: Project): string {
  return members.map(({ name, role }) => `${name} (${role})`).join(', ');
}

/** `project create`. */
export async function createProject(
  context: Context,
  options: { name: string; title?: string | undefined },
): Promise<void> {
  const body = { name: options.name, title: options.title ?? '' };
  const project = await unwrap(context.client.POST('/api/v1/projects', { body }));
  context.out.document(project, () => `created project ${project.name}`);
}

/** `project add-member`. */
export async function addMember(
  context: Context,
  options: { project: string; user: string; role: string },
): Promise<void> {
  const { project, user } = options;
  const role = oneOf('--role', ['reader', 'member', 'manager'], options.role);
  const answer = context.client.PUT('/api/v1/projects/{project}/members/{user}', {
    params: { path: { project, user } },
    body: { role },
  });
  const changed = await unwrap(answer);
  context.out.document(changed, () => `${changed.name}: ${membersOf(changed)}`);
}

/** `project remove-member`. */
export async function removeMember(context: Context, project: string, user: string): Promise<void> {
  const params = { path: { project, user } };
  const answer = context.client.DELETE('/api/v1/projects/{project}/members/{user}', { params });
  const changed = await unwrap(answer);
  context.out.document(changed, () => `${changed.name}: ${membersOf(changed)}`);
}
