import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { DomainError } from '@interpulse/domain/error.ts';
import { queryKeys } from './query-keys.ts';
import { noteContact } from './connection.ts';

/** Ends the session in the portal when the hub no longer knows the cookie. */
function onError(error: unknown): void {
  if (error instanceof DomainError && error.kind === 'unauthenticated') {
    queryClient.setQueryData(queryKeys.me, null);
  }
}

/**
 * What the portal knows of the hub. Answers stay valid until an event says otherwise, so nothing
 * polls; refused requests are not repeated, only those that did not get through.
 */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError, onSuccess: noteContact }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (count, error) =>
        count < 2 && (!(error instanceof DomainError) || error.kind === 'unavailable'),
      refetchOnWindowFocus: true,
    },
  },
});
