import type { QueryClient } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from './queries.ts';

/** Makes someone (or nobody: null) the one who looks; forgets what the one before has seen. */
export function changePrincipal(
  queryClient: QueryClient,
  principal: Schemas['Principal'] | null,
): void {
  const { queryKey } = queries.me();
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== queryKey[0] });
  // Null is what the gate reads as "signed out"; the key's type only knows principals.
  queryClient.setQueryData<Schemas['Principal'] | null>([...queryKey], principal);
}
