import { Button, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { changePrincipal } from '../api/change-principal.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { FactList } from '../parts/fact-list.tsx';
import { PageHeader } from '../parts/page-header.tsx';
import { AccountPanel } from './account-panel.tsx';
import { NoticesPanel } from './notices-panel.tsx';
import { TokenPanel } from './token-panel.tsx';

const kindWords = { user: 'user', serviceAccount: 'service account', agent: 'agent' } as const;

/** Who one is, one's tokens, and how the portal looks. */
export function SettingsPage() {
  const queryClient = useQueryClient();
  const { data: me } = useQuery(queries.me());
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const signOut = useMutation({
    mutationFn: () => unwrap(hub.POST('/api/v1/sign-out')),
    onSuccess: () => changePrincipal(queryClient, null),
  });
  if (!me) return null;
  const projects = Object.entries(me.projects).map(([name, role]) => `${name} (${role})`);
  return (
    <>
      <PageHeader title="Settings">
        <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
          Sign out
        </Button>
      </PageHeader>
      <div className="ip-stack" style={{ maxWidth: 960 }}>
        <section className="ip-panel">
          <h2>Who you are</h2>
          <FactList
            facts={[
              { name: 'Name', value: me.name },
              {
                name: 'Kind',
                value: me.admin ? `${kindWords[me.kind]}, administrator` : kindWords[me.kind],
              },
              { name: 'Projects', value: projects.join(', ') || 'none' },
              { name: 'Id', value: <span className="ip-mono">{me.id}</span> },
            ]}
          />
        </section>
        <NoticesPanel />
        <TokenPanel />
        <AccountPanel
          projects={Object.keys(me.projects).filter((name) => me.projects[name] === 'manager')}
        />
        <section className="ip-panel">
          <h2>Colours</h2>
          <SegmentedControl
            aria-label="Colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value)}
            data={[
              { value: 'auto', label: 'As the system' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </section>
        <section className="ip-panel">
          <h2>For programs</h2>
          <p style={{ margin: 0 }}>
            Everything on these pages comes from the API: <a href="/api/docs">its documentation</a>.
          </p>
        </section>
      </div>
    </>
  );
}
