import { z } from 'zod';
import { DomainError, errorKinds } from '@interpulse/domain/error.ts';
import { agentIdentitySchema, writeAgentIdentity, type AgentIdentity } from './agent-identity.ts';

const patienceMs = 30_000;

const problemSchema = z.object({
  kind: z.enum(errorKinds).optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
});

/**
 * Exchanges a one-time code for an identity and keeps it in the state folder.
 *
 * @throws DomainError of the hub's kind (`unauthenticated` or `notFound` for a bad code),
 * `unavailable` when the hub cannot be reached.
 */
export async function enrolAgent(
  hubUrl: string,
  code: string,
  folder: string,
): Promise<AgentIdentity> {
  const url = `${hubUrl.replace(/\/+$/, '')}/api/v1/agents/enrol`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
      signal: AbortSignal.timeout(patienceMs),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DomainError('unavailable', `enrolling at ${url}: ${why}; is the hub running?`, {
      cause,
    });
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refused(response.status, body);
  const parsed = agentIdentitySchema.safeParse(body);
  if (!parsed.success) {
    throw new DomainError('unavailable', `enrolling at ${url}: that is not a hub's answer`);
  }
  await writeAgentIdentity(folder, parsed.data);
  return parsed.data;
}

function refused(status: number, body: unknown): DomainError {
  const problem = problemSchema.safeParse(body).data;
  const fallback = status >= 500 ? 'unavailable' : status === 404 ? 'notFound' : 'unauthenticated';
  const said = problem?.detail ?? problem?.title ?? `the hub answered HTTP ${status}`;
  return new DomainError(problem?.kind ?? fallback, `enrolling: ${said}; get a new code`);
}
