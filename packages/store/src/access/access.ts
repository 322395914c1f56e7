import type { Principal, ProjectRole } from '@interpulse/domain/access/principal.ts';
import type { JobId } from '@interpulse/domain/id.ts';
import type { Executor } from '../executor.ts';
import { statement } from '../statement.ts';

/** What a secret stands for. */
export type SecretKind = 'token' | 'session' | 'agent' | 'job';

/** Who holds a secret. */
export interface SecretHolder {
  tokenId: string;
  kind: SecretKind;
  agentId: string | null;
  siteId: string | null;
  siteName: string | null;
  principal: Principal | null;
}

interface HolderRow {
  tokenId: string;
  kind: SecretKind;
  agentId: string | null;
  siteId: string | null;
  siteName: string | null;
  userId: string | null;
  name: string | null;
  userKind: 'user' | 'serviceAccount' | null;
  admin: boolean | null;
  projects: Record<string, ProjectRole>;
  jobId: JobId | null;
  /** The only project of a job's token. */
  jobProject: string | null;
}

const projectsOf = `coalesce((select jsonb_object_agg(project, role) from project_members
  where user_id = u.id), '{}') as projects`;

const selectHolder = statement<HolderRow, [Buffer, string]>(
  'secret_holder',
  `select t.id as "tokenId", t.kind, t.agent_id as "agentId", s.id as "siteId",
     s.name as "siteName", u.id as "userId", u.name, u.kind as "userKind", u.admin,
     t.job_id as "jobId", t.project as "jobProject", ${projectsOf}
   from tokens t left join users u on u.id = t.user_id left join sites s on s.agent_id = t.agent_id
   where t.secret_hash = $1 and coalesce(t.expires_at > $2::timestamptz, true)`,
);

/** Who holds the secret with this SHA-256, unless it has expired; undefined for nobody. */
export async function findSecretHolder(
  db: Executor,
  hash: Buffer,
  now: string,
): Promise<SecretHolder | undefined> {
  const [row] = await db.run(selectHolder, hash, now);
  if (row === undefined) return undefined;
  const { tokenId, kind, agentId, siteId, siteName } = row;
  return { tokenId, kind, agentId, siteId, siteName, principal: principalOf(row) };
}

function principalOf(row: HolderRow): Principal | null {
  const { userId: id, name, jobId, jobProject } = row;
  if (id === null || name === null) return null;
  const kind = row.userKind ?? 'user';
  if (jobId === null || jobProject === null) {
    return { id, name, kind, admin: row.admin ?? false, projects: row.projects, jobId: null };
  }
  // What its owner may no longer do, its jobs may not either.
  const own = Object.hasOwn(row.projects, jobProject) ? row.projects[jobProject] : undefined;
  const role = row.admin === true ? 'member' : own === 'manager' ? 'member' : own;
  const projects = role === undefined ? {} : { [jobProject]: role };
  return { id, name, kind, admin: false, projects, jobId };
}

const selectPrincipal = statement<HolderRow, [string]>(
  'find_principal',
  `select u.id as "userId", u.name, u.kind as "userKind", u.admin, ${projectsOf},
     null::text as "jobId", null::text as "jobProject"
   from users u where u.id = $1`,
);

/** A user or service account as the decision about access sees it. */
export async function findPrincipal(db: Executor, userId: string): Promise<Principal | undefined> {
  const [row] = await db.run(selectPrincipal, userId);
  return (row && principalOf(row)) ?? undefined;
}

const selectPrincipals = statement<HolderRow, [readonly string[]]>(
  'find_principals',
  `select u.id as "userId", u.name, u.kind as "userKind", u.admin, ${projectsOf},
     null::text as "jobId", null::text as "jobProject"
   from users u where u.id = any($1)`,
);

/** Like {@link findPrincipal} for many; by the ids of users. */
export async function findPrincipals(
  db: Executor,
  userIds: readonly string[],
): Promise<Map<string, Principal>> {
  const rows = await db.run(selectPrincipals, userIds);
  const found = rows.map(principalOf).filter((principal) => principal !== null);
  return new Map(found.map((principal) => [principal.id, principal]));
}

const selectPrincipalNamed = statement<HolderRow, [string]>(
  'find_principal_named',
  `select u.id as "userId", u.name, u.kind as "userKind", u.admin, ${projectsOf},
     null::text as "jobId", null::text as "jobProject"
   from users u where u.name = $1`,
);

/** Like {@link findPrincipal}, by name. */
export async function findPrincipalNamed(
  db: Executor,
  name: string,
): Promise<Principal | undefined> {
  const [row] = await db.run(selectPrincipalNamed, name);
  return (row && principalOf(row)) ?? undefined;
}

/** A user as stored. */
export interface StoredUser {
  id: string;
  name: string;
  title: string;
  kind: 'user' | 'serviceAccount';
  admin: boolean;
  /** Whose managers keep a service account; null for people and for accounts of the hub. */
  project: string | null;
  createdAt: string;
}

const userColumns = `id, name, title, kind, admin, project, created_at as "createdAt"`;

/** Users and service accounts by name. */
export async function listUsers(db: Executor): Promise<StoredUser[]> {
  return db.query<StoredUser>(`select ${userColumns} from users order by name`);
}

/** One user by name, or undefined. */
export async function findUser(db: Executor, name: string): Promise<StoredUser | undefined> {
  return (
    await db.query<StoredUser>(`select ${userColumns} from users where name = $1`, [name])
  )[0];
}

/** Users and service accounts of these names. */
export async function findUsers(db: Executor, names: readonly string[]): Promise<StoredUser[]> {
  return db.query<StoredUser>(`select ${userColumns} from users where name = any($1)`, [names]);
}

/** Adds a user; false when the name is taken. */
export async function insertUser(tx: Executor, user: StoredUser): Promise<boolean> {
  const rows = await tx.query(
    `insert into users (id, name, title, kind, admin, project, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (name) do nothing returning id`,
    [user.id, user.name, user.title, user.kind, user.admin, user.project, user.createdAt],
  );
  return rows.length > 0;
}

/** A project with its members. */
export interface StoredProject {
  name: string;
  title: string;
  createdAt: string;
  members: { name: string; role: ProjectRole }[];
}

/** Projects by name; `names` null for all. */
export async function listProjects(
  db: Executor,
  names: readonly string[] | null,
): Promise<StoredProject[]> {
  return db.query<StoredProject>(
    `select p.name, p.title, p.created_at as "createdAt",
       coalesce((select jsonb_agg(jsonb_build_object('name', u.name, 'role', m.role)
         order by u.name) from project_members m join users u on u.id = m.user_id
         where m.project = p.name), '[]') as members
     from projects p where $1::text[] is null or p.name = any($1) order by p.name`,
    [names],
  );
}

/** Adds a project; false when the name is taken. */
export async function insertProject(
  tx: Executor,
  project: { name: string; title: string; createdAt: string },
): Promise<boolean> {
  const rows = await tx.query(
    `insert into projects (name, title, created_at) values ($1, $2, $3)
     on conflict (name) do nothing returning name`,
    [project.name, project.title, project.createdAt],
  );
  return rows.length > 0;
}

/** Gives a user a role in a project, or takes it away (null). */
export async function setProjectMember(
  tx: Executor,
  project: string,
  userId: string,
  role: ProjectRole | null,
): Promise<void> {
  if (role === null) {
    await tx.query('delete from project_members where project = $1 and user_id = $2', [
      project,
      userId,
    ]);
    return;
  }
  await tx.query(
    `insert into project_members (project, user_id, role) values ($1, $2, $3)
     on conflict (project, user_id) do update set role = excluded.role`,
    [project, userId, role],
  );
}
