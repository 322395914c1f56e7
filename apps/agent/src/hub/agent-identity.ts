import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DomainError } from '@interpulse/domain/error.ts';
import { idSchema } from '@interpulse/domain/id.ts';
import { nameSchema } from '@interpulse/domain/location.ts';

/** Who an agent is, as the hub gave it when it enrolled. The secret is its password. */
export const agentIdentitySchema = z.strictObject({
  agentId: idSchema('agent'),
  site: nameSchema,
  secret: z.string().min(1),
});

/** See {@link agentIdentitySchema}. */
export type AgentIdentity = z.infer<typeof agentIdentitySchema>;

const fileName = 'identity.json';

/** Keeps an identity in the state folder, for the owner's eyes only. */
export async function writeAgentIdentity(folder: string, identity: AgentIdentity): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const path = join(folder, fileName);
  await writeFile(`${path}.new`, `${JSON.stringify(identity)}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/**
 * Reads the identity from the state folder.
 *
 * @throws DomainError `notFound` when the agent has not enrolled, `invalid` for a damaged file.
 */
export async function readAgentIdentity(folder: string): Promise<AgentIdentity> {
  const path = join(folder, fileName);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    const said = `there is no identity in ${folder}; enrol this agent with a code from the hub`;
    throw new DomainError('notFound', said, { cause });
  });
  try {
    return agentIdentitySchema.parse(JSON.parse(text));
  } catch (cause) {
    const said = `the identity in ${path} is damaged; enrol this agent anew`;
    throw new DomainError('invalid', said, { cause });
  }
}
