import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { Context } from '../context.ts';
import { positiveNumber, printList, type Paging } from '../output/print-list.ts';
import { defined } from '../read-input.ts';
import { localTime } from '../output/quantities.ts';

/** `token list`. */
export async function listTokens(
  context: Context,
  options: Paging & { user?: string | undefined },
): Promise<void> {
  const wanted = defined({ user: options.user });
  await printList(
    context,
    options,
    (page) => {
      const query = { ...page, ...wanted };
      return unwrap(context.client.GET('/api/v1/tokens', { params: { query } }));
    },
    (tokens) => ({
      columns: ['token', 'label', 'owner', 'created', 'used', 'expires'],
      rows: tokens.map((token) => [
        token.id,
        token.label,
        token.owner,
        localTime(token.createdAt, context.nowAt),
        localTime(token.usedAt, context.nowAt),
        localTime(token.expiresAt, context.nowAt),
      ]),
      empty: 'no tokens',
    }),
  );
}

/** What `token create` is told. */
export interface CreateTokenOptions {
  label?: string | undefined;
  user?: string | undefined;
  /** Days as text. */
  days?: string | undefined;
}

/** `token create`: the secret goes to standard output alone, so that it can be piped. */
export async function createToken(context: Context, options: CreateTokenOptions): Promise<void> {
  const lifetimeMilliseconds =
    options.days === undefined ? null : positiveNumber(options.days) * 86_400_000;
  const body: Schemas['CreateTokenBody'] = {
    label: options.label ?? '',
    expiresAt:
      lifetimeMilliseconds === null
        ? null
        : new Date(Date.parse(context.nowAt) + lifetimeMilliseconds).toISOString(),
    ...(options.user === undefined ? {} : { user: options.user }),
  };
  const made = await unwrap(context.client.POST('/api/v1/tokens', { body }));
  context.out.document(made, () => made.secret);
  if (!context.out.isJson) context.out.note(`token ${made.token.id} of ${made.token.owner}`);
}

/** `token revoke`. */
export async function revokeToken(context: Context, tokenId: string): Promise<void> {
  const params = { path: { tokenId } };
  await unwrap(context.client.DELETE('/api/v1/tokens/{tokenId}', { params }));
  context.out.document({ revoked: tokenId }, () => `revoked ${tokenId}`);
}
