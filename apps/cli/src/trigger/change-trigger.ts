import { unwrap } from '@interpulse/api/client/create-client.ts';
import { DomainError } from '@interpulse/domain/error.ts';
import type { Context } from '../context.ts';
import { eventAgain } from './last-event.ts';
import { jsonPairs } from '../read-input.ts';
import { readObject, readText } from '../read-document.ts';

/** `trigger pause`. */
export async function pauseTrigger(
  context: Context,
  trigger: string,
  reason: string,
): Promise<void> {
  const params = { path: { trigger } };
  const answer = context.client.POST('/api/v1/triggers/{trigger}/pause', {
    params,
    body: { reason },
  });
  context.out.document(await unwrap(answer), () => `paused trigger ${trigger}: ${reason}`);
}

/** `trigger resume`. */
export async function resumeTrigger(context: Context, trigger: string): Promise<void> {
  const params = { path: { trigger } };
  const resumed = await unwrap(
    context.client.POST('/api/v1/triggers/{trigger}/resume', { params }),
  );
  context.out.document(resumed, () => {
    const due = resumed.nextDueAt === null ? '' : `, due next at ${resumed.nextDueAt}`;
    return `trigger ${trigger} goes on${due}`;
  });
}

/** `trigger rotate-secret`. */
export async function rotateSecret(
  context: Context,
  trigger: string,
  { grace, secretFile }: { grace: string; secretFile?: string },
): Promise<void> {
  const graceSeconds = Number(grace);
  if (!Number.isSafeInteger(graceSeconds) || graceSeconds < 0) {
    throw new DomainError('invalid', `--grace is a number of seconds, not "${grace}"`);
  }
  const params = { path: { trigger } };
  const given = secretFile === undefined ? {} : { secret: readText(secretFile).trim() };
  const rotated = await unwrap(
    context.client.POST('/api/v1/triggers/{trigger}/rotate-secret', {
      params,
      body: { graceSeconds, ...given },
    }),
  );
  context.out.document(rotated, () => {
    const { secret, oldSecretUntil } = rotated;
    const old =
      oldSecretUntil === null
        ? 'the one before is worth nothing'
        : `before: until ${oldSecretUntil}`;
    if (secretFile !== undefined) return `${trigger} has the secret of ${secretFile} (${old})`;
    return `${secret}\n(shown only now; ${old})`;
  });
}

/** `trigger delete`. */
export async function deleteTrigger(context: Context, trigger: string): Promise<void> {
  const params = { path: { trigger } };
  await unwrap(context.client.DELETE('/api/v1/triggers/{trigger}', { params }));
  context.out.document({ deleted: trigger }, () => `deleted trigger ${trigger}`);
}

/** `trigger fire`. */
export async function fireTrigger(
  context: Context,
  options: {
    name: string;
    event?: string | undefined;
    last?: boolean | undefined;
    set?: string[] | undefined;
  },
): Promise<void> {
  if (options.event !== undefined && options.last === true) {
    throw new DomainError('invalid', '--event and --last are two events; give one');
  }
  const last = options.last === true ? await eventAgain(context, options.name) : {};
  const read = options.event === undefined ? last : readObject(options.event);
  const params = { path: { trigger: options.name } };
  const fired = await unwrap(
    context.client.POST('/api/v1/triggers/{trigger}/fire', {
      params,
      body: { event: { ...read, ...jsonPairs(options.set) } },
    }),
  );
  context.out.document(fired, () =>
    fired.flowRunId === null
      ? `${fired.outcome}: ${fired.reason ?? 'it started nothing'}`
      : `started ${fired.flowRunId}`,
  );
  if (fired.outcome === 'failed') process.exitCode = 1;
}
