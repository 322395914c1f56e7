import { DomainError } from '@interpulse/domain/error.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { addSeconds } from '@interpulse/domain/time.ts';
import type { accessRoutes } from '@interpulse/api/routes/access.ts';
import {
  findPrincipal,
  findUser,
  insertProject,
  insertUser,
  listProjects,
  listUsers,
  setProjectMember,
} from '@interpulse/store/access/access.ts';
import {
  deleteSecret,
  deleteSecretByHash,
  insertOneTimeCode,
  insertSecret,
  listTokens,
  ownerOfToken,
  takeOneTimeCode,
} from '@interpulse/store/access/secrets.ts';
import { hashSecret, makeSecret } from '../../secret.ts';
import { writeMetrics } from '../../metrics.ts';
import { sessionCookie } from '../authenticate.ts';
import { keepsAccount } from '@interpulse/domain/access/keeps-account.ts';
import { everyone } from '@interpulse/domain/access/grantee.ts';
import {
  demand,
  hubThing,
  projectFor,
  visibleProjects,
  type Call,
  type Handlers,
} from '../handler.ts';
import { pingDatabase } from '@interpulse/store/ping-database.ts';
import { hubVersion } from '../../version.ts';

/** Sign-in, users, projects and tokens. */
export const accessHandlers: Handlers<keyof typeof accessRoutes> = {
  async getHealth(_, { hub }) {
    await pingDatabase(hub.db);
    return { status: 'ok', version: hubVersion, now: hub.now() };
  },

  async getMetrics(_, { hub, who, reply }) {
    demand(who, 'administer', hubThing, 'figures');
    await reply.type('text/plain; version=0.0.4').send(await writeMetrics(hub));
    return undefined;
  },

  async signIn({ body }, call) {
    const { hub, reply, request } = call;
    const now = hub.now();
    const secret = makeSecret('ips');
    const who = await hub.transaction(async (tx) => {
      const taken = await takeOneTimeCode(tx, hashSecret(body.code), 'signIn', now);
      const principal = taken?.userId ? await findPrincipal(tx, taken.userId) : undefined;
      if (!principal) {
        const message = 'the code is unknown, used or too old; `interpulse open` makes a new one';
        throw new DomainError('unauthenticated', message);
      }
      await insertSecret(tx, {
        id: hub.newId('token'),
        kind: 'session',
        userId: principal.id,
        agentId: null,
        label: 'browser',
        hash: hashSecret(secret),
        createdAt: now,
        expiresAt: addSeconds(now, limits.browserSessionSeconds),
      });
      return principal;
    });
    reply.setCookie(sessionCookie, secret, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: request.protocol === 'https',
      maxAge: limits.browserSessionSeconds,
    });
    return who;
  },

  async signOut(_, { hub, reply, request }) {
    const cookie = request.cookies[sessionCookie];
    if (cookie !== undefined) {
      await deleteSecretByHash(hub.db, hashSecret(cookie));
    }
    reply.clearCookie(sessionCookie, { path: '/' });
    return undefined;
  },

  async createSignInCode(_, { hub, who }) {
    const code = makeSecret('code');
    const expiresAt = addSeconds(hub.now(), limits.oneTimeCodeSeconds);
    const kept = { hash: hashSecret(code), purpose: 'signIn' as const, siteName: null, expiresAt };
    await insertOneTimeCode(hub.db, { ...kept, userId: who.id }, hub.now());
    return { code, expiresAt };
  },

  whoAmI: async (_, { who }) => who,

  async listUsers(_, { hub, who }) {
    demand(who, 'read', hubThing, 'list of users');
    return { items: await listUsers(hub.db), next: null };
  },

  async createUser({ body }, { hub, who }) {
    demand(who, 'administer', hubThing, 'list of users');
    refuseName(body.name);
    const user = { ...body, project: null, id: hub.newId('user'), createdAt: hub.now() };
    if (await insertUser(hub.db, user)) return user;
    throw new DomainError('conflict', `there is a user "${body.name}" already`);
  },

  async listServiceAccounts(_, { hub, who }) {
    const users = await listUsers(hub.db);
    const kept = users.filter((user) => user.kind === 'serviceAccount' && keepsAccount(who, user));
    return { items: kept, next: null };
  },

  async createServiceAccount({ body }, { hub, who }) {
    refuseName(body.name);
    const { name, title, role } = body;
    const project = projectFor(who, body.project, 'administer');
    const [known] = await listProjects(hub.db, [project]);
    if (!known) throw new DomainError('notFound', `there is no project "${project}"`);
    const account = { id: hub.newId('user'), name, title, project, createdAt: hub.now() };
    const user = { ...account, kind: 'serviceAccount' as const, admin: false };
    await hub.transaction(async (tx) => {
      if (!(await insertUser(tx, user))) {
        throw new DomainError('conflict', `there is a user "${name}" already`);
      }
      await setProjectMember(tx, project, user.id, role);
    });
    return user;
  },

  async listTokens({ query }, call) {
    const owner = await tokenOwner(call, query.user);
    return { items: await listTokens(call.hub.db, owner.id), next: null };
  },

  async createToken({ body }, call) {
    const { hub } = call;
    const owner = await tokenOwner(call, body.user);
    const secret = makeSecret('ip');
    const token = { id: hub.newId('token'), label: body.label, createdAt: hub.now() };
    const { expiresAt } = body;
    await insertSecret(hub.db, {
      ...token,
      kind: 'token',
      userId: owner.id,
      agentId: null,
      hash: hashSecret(secret),
      expiresAt,
    });
    return { token: { ...token, owner: owner.name, usedAt: null, expiresAt }, secret };
  },

  async revokeToken({ params }, { hub, who }) {
    const owner = await ownerOfToken(hub.db, params.tokenId);
    const isOwn = owner !== undefined && (owner.id === who.id || keepsAccount(who, owner));
    const revoked = (isOwn || who.admin) && (await deleteSecret(hub.db, params.tokenId, null));
    if (!revoked) throw new DomainError('notFound', `there is no token ${params.tokenId}`);
    return undefined;
  },

  async listProjects(_, { hub, who }) {
    return { items: await listProjects(hub.db, visibleProjects(who)), next: null };
  },

  async createProject({ body }, { hub, who }) {
    demand(who, 'administer', hubThing, 'list of projects');
    const project = { ...body, createdAt: hub.now() };
    if (await insertProject(hub.db, project)) return { ...project, members: [] };
    throw new DomainError('conflict', `there is a project "${body.name}" already`);
  },

  setProjectMember: ({ params, body }, call) =>
    changeMember(call, params.project, params.user, body.role),

  removeProjectMember: ({ params }, call) => changeMember(call, params.project, params.user, null),
};

async function changeMember(
  { hub, who }: Call,
  project: string,
  name: string,
  role: 'reader' | 'member' | 'manager' | null,
) {
  demand(who, 'administer', { project, ownerId: null }, `project ${project}`);
  const user = await findUser(hub.db, name);
  if (!user) throw new DomainError('notFound', `there is no user "${name}"`);
  const [known] = await listProjects(hub.db, [project]);
  if (!known) throw new DomainError('notFound', `there is no project "${project}"`);
  await setProjectMember(hub.db, project, user.id, role);
  const [changed] = await listProjects(hub.db, [project]);
  return changed ?? known;
}

/** The caller, or a service account that it keeps. */
async function tokenOwner({ hub, who }: Call, named: string | undefined) {
  if (named === undefined || named === who.name) return who;
  const owner = await findUser(hub.db, named);
  if (!owner) throw new DomainError('notFound', `there is no user "${named}"`);
  if (!keepsAccount(who, owner)) demand(who, 'administer', hubThing, `tokens of ${named}`);
  return owner;
}

function refuseName(name: string): void {
  if (name !== everyone) return;
  throw new DomainError('invalid', `"${everyone}" means all who are signed in; take another name`);
}
