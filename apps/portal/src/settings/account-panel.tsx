import { useState } from 'react';
import { NativeSelect } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { MakeForm } from './make-form.tsx';
import { TokenPanel } from './token-panel.tsx';

/** Service accounts of projects that one manages, each with its tokens. */
export function AccountPanel(props: { projects: string[] }) {
  const { data, isLoadingError, error } = useQuery(triggerQueries.serviceAccounts());
  const [chosen, setChosen] = useState('');
  const accounts = data?.items ?? [];
  const account = accounts.find(({ name }) => name === chosen) ?? accounts[0];
  if (props.projects.length === 0 && accounts.length === 0) return null;
  return (
    <>
      <section className="ip-panel">
        <h2>Service accounts, as which flows and triggers of a beamline act</h2>
        {isLoadingError && <ProblemNotice error={error} />}
        {account && (
          <NativeSelect
            label="Account"
            description="Its tokens stand below"
            maw={260}
            mb="md"
            value={account.name}
            data={accounts.map(({ name, project }) => ({
              value: name,
              label: `${name}, ${project ?? 'of the hub'}`,
            }))}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
        {props.projects.length > 0 && <NewAccount projects={props.projects} onMade={setChosen} />}
      </section>
      {account && <TokenPanel key={account.name} account={account.name} />}
    </>
  );
}

function NewAccount(props: { projects: string[]; onMade: (name: string) => void }) {
  const [name, setName] = useState('');
  const [project, setProject] = useState(props.projects[0] ?? '');
  const queryClient = useQueryClient();
  const make = useMutation({
    mutationFn: () =>
      unwrap(
        hub.POST('/api/v1/service-accounts', {
          body: { name, project, title: '', role: 'member' },
        }),
      ),
    onSuccess: async () => {
      const { queryKey } = queries.me();
      await queryClient.invalidateQueries({ queryKey });
      await queryClient.invalidateQueries({ queryKey: triggerQueries.serviceAccounts().queryKey });
      props.onMade(name);
      setName('');
    },
  });
  return (
    <MakeForm
      label="Make an account"
      name={{
        label: 'Name of a new account',
        placeholder: 'beamline-8',
        value: name,
        onChange: setName,
      }}
      choice={{ label: 'Project', value: project, data: props.projects, onChange: setProject }}
      make={make}
    />
  );
}
