import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { DomainError } from '@interpulse/domain/error.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { changePrincipal } from '../api/change-principal.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { takeOneTimeCode } from './one-time-code.ts';
import { SignInPage } from './sign-in-page.tsx';

/** Read before anything else can look at the address. */
const codeInAddress = takeOneTimeCode();
let spending: Promise<unknown> | null = null;

/** The pages for those who are signed in; the way to sign in for all others. */
export function SignInGate(props: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const [isReady, setReady] = useState(codeInAddress === null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const me = useQuery({ ...queries.me(), enabled: isReady });

  const signIn = useCallback(
    async (code: string) => {
      const principal = await unwrap(hub.POST('/api/v1/sign-in', { body: { code } }));
      changePrincipal(queryClient, principal);
    },
    [queryClient],
  );

  useEffect(() => {
    if (codeInAddress === null) return;
    // A code can be spent once; React mounts effects twice during development.
    spending ??= signIn(codeInAddress);
    spending
      .catch((error: unknown) => setRefusal(error instanceof Error ? error.message : String(error)))
      .finally(() => setReady(true));
  }, [signIn]);

  if (me.data) return props.children;
  const isSignedOut =
    me.data === null || (me.error instanceof DomainError && me.error.kind === 'unauthenticated');
  if (isSignedOut) return <SignInPage refusal={refusal} onCode={signIn} />;
  if (me.isError) {
    return (
      <div style={{ padding: 20 }}>
        <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />
      </div>
    );
  }
  return null;
}
