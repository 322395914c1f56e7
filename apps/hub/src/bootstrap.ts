import { existsSync, readFileSync } from 'node:fs';
import { chmod, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  findSecretHolder,
  findUser,
  insertProject,
  insertUser,
  setProjectMember,
} from '@interpulse/store/access/access.ts';
import { insertSecret } from '@interpulse/store/access/secrets.ts';
import type { HubConfig } from './hub-config.ts';
import type { Hub } from './hub.ts';
import { hashSecret, makeSecret } from './secret.ts';

/** The administrator's token lies here, in the hub's folder, readable by its owner only. */
export const adminTokenFile = 'admin-token';

/**
 * Makes the first administrator, its project and its token where there are none; no password has a
 * default because there are no passwords. A token file that no longer fits the database is renewed.
 */
export async function bootstrap(hub: Hub, config: HubConfig): Promise<void> {
  const { adminName, project } = config.bootstrap;
  const createdAt = hub.now();
  const known = await findUser(hub.db, adminName);
  const user = known ?? {
    id: hub.newId('user'),
    name: adminName,
    title: 'Administrator',
    kind: 'user' as const,
    admin: true,
    project: null,
    createdAt,
  };
  if (!known) {
    await insertUser(hub.db, user);
    await insertProject(hub.db, { name: project, title: project, createdAt });
    await setProjectMember(hub.db, project, user.id, 'manager');
  }
  const file = join(config.folder, adminTokenFile);
  const secret = existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
  if (secret && (await findSecretHolder(hub.db, hashSecret(secret), createdAt))) return;
  await makeAdminToken(hub, user.id, file);
}

async function makeAdminToken(hub: Hub, userId: string, file: string): Promise<void> {
  const secret = makeSecret('ip');
  await insertSecret(hub.db, {
    id: hub.newId('token'),
    kind: 'token',
    userId,
    agentId: null,
    label: 'local administrator',
    hash: hashSecret(secret),
    createdAt: hub.now(),
    expiresAt: null,
  });
  const half = `${file}.part`;
  await writeFile(half, `${secret}\n`, { mode: 0o600 });
  await chmod(half, 0o600);
  await rename(half, file);
}
