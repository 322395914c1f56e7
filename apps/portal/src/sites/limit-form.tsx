import { useState, type SyntheticEvent } from 'react';
import { Button, Group, Modal, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';

/** A button that sets a limit of what is placed at a site, for a project, an app or all. */
export function LimitForm(props: { site: string; onDone: () => Promise<unknown> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" mt="sm" onClick={() => setOpen(true)}>
        Set a limit…
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`A limit at ${props.site}`}
        centered
      >
        <Fields
          site={props.site}
          onCancel={() => setOpen(false)}
          onDone={async () => {
            await props.onDone();
            setOpen(false);
          }}
        />
      </Modal>
    </>
  );
}

function Fields(props: { site: string; onCancel: () => void; onDone: () => Promise<unknown> }) {
  const apps = useQuery(queries.apps());
  const [project, setProject] = useState('');
  const [app, setApp] = useState('');
  const [maxJobs, setMaxJobs] = useState<number | string>('');
  const [maxCores, setMaxCores] = useState<number | string>('');
  const isEmpty = maxJobs === '' && maxCores === '';
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        hub.PUT('/api/v1/placement-limits', {
          body: {
            site: props.site,
            project: project === '' ? null : project,
            app: app === '' ? null : app,
            maxJobs: maxJobs === '' ? null : Number(maxJobs),
            maxCores: maxCores === '' ? null : Number(maxCores),
          },
        }),
      ),
    onSuccess: props.onDone,
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const names = apps.data?.items.map((each) => each.name) ?? [];
  const whole = { min: 0, allowDecimal: false, allowNegative: false, placeholder: 'no limit' };
  return (
    <form onSubmit={submit} className="ip-stack" style={{ gap: 10 }}>
      <TextInput
        label="Project"
        placeholder="any project"
        value={project}
        onChange={(event) => setProject(event.currentTarget.value)}
      />
      <NativeSelect
        label="App"
        value={app}
        data={[{ value: '', label: 'Any app' }, ...names]}
        onChange={(event) => setApp(event.currentTarget.value)}
      />
      <NumberInput label="Jobs at most" {...whole} value={maxJobs} onChange={setMaxJobs} />
      <NumberInput label="Cores at most" {...whole} value={maxCores} onChange={setMaxCores} />
      {save.isError && <ProblemNotice error={save.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onCancel}>
          Leave as it is
        </Button>
        <Button type="submit" disabled={isEmpty} loading={save.isPending}>
          Set limit
        </Button>
      </Group>
    </form>
  );
}
