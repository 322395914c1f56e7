import { useState, type SyntheticEvent } from 'react';
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { hubNow } from '../api/hub-clock.ts';
import { queries } from '../api/queries.ts';
import { formatInstant } from '../format/instant.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { toInstant, toLocalInput } from './local-input.ts';

type Maintenance = Schemas['Maintenance'];

const columns: TableColumn<Maintenance>[] = [
  { id: 'reason', header: 'Reason', isMain: true, cell: (window) => window.reason },
  { id: 'from', header: 'From', cell: (window) => <TimeText at={window.startsAt} /> },
  { id: 'to', header: 'To', cell: (window) => <TimeText at={window.endsAt} /> },
];

/** Times in which a site takes no work; administrators announce them and take them back. */
export function SiteMaintenance(props: { site: Schemas['Site']; canChange: boolean }) {
  const { site, canChange } = props;
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: queries.sites().queryKey });
  const remove = async (maintenanceId: string) => {
    const path = { site: site.name, maintenanceId };
    await unwrap(
      hub.DELETE('/api/v1/sites/{site}/maintenance/{maintenanceId}', { params: { path } }),
    );
    await refresh();
  };
  const all: TableColumn<Maintenance>[] = canChange
    ? [
        ...columns,
        {
          id: 'remove',
          header: '',
          isNarrow: true,
          cell: (window) => (
            <ConfirmButton
              label="Take back"
              question={`The site takes work as usual: ${window.reason}.`}
              confirm="Take it back"
              size="xs"
              onConfirm={() => remove(window.id)}
            />
          ),
        },
      ]
    : columns;
  return (
    <section className="ip-panel">
      <h2>Maintenance</h2>
      <DataTable
        label="Maintenance"
        columns={all}
        rows={site.maintenance}
        rowKey={(window) => window.id}
        empty="None is announced."
      />
      {canChange && <Announce site={site.name} onDone={refresh} />}
    </section>
  );
}

function Announce(props: { site: string; onDone: () => Promise<unknown> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="xs" mt="sm" onClick={() => setOpen(true)}>
        Announce maintenance…
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={`Maintenance of ${props.site}`}
        centered
      >
        <AnnounceForm
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

const hourMilliseconds = 3_600_000;

function AnnounceForm(props: {
  site: string;
  onCancel: () => void;
  onDone: () => Promise<unknown>;
}) {
  const [from, setFrom] = useState(() => toLocalInput(hubNow()));
  const [to, setTo] = useState(() => toLocalInput(hubNow() + 4 * hourMilliseconds));
  const [reason, setReason] = useState('');
  const isBackwards = toInstant(to) <= toInstant(from);
  const save = useMutation({
    mutationFn: () => {
      const path = { site: props.site };
      const body = { startsAt: toInstant(from), endsAt: toInstant(to), reason };
      return unwrap(hub.POST('/api/v1/sites/{site}/maintenance', { params: { path }, body }));
    },
    onSuccess: props.onDone,
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const until = isBackwards ? '' : ` until ${formatInstant(toInstant(to), hubNow())}`;
  return (
    <form onSubmit={submit} className="ip-stack" style={{ gap: 10 }}>
      <p style={{ margin: 0 }}>
        Nothing is placed there{until}, and no job or pilot begins that could not end before.
      </p>
      <TextInput
        type="datetime-local"
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
        required
      />
      <TextInput
        type="datetime-local"
        label="To"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
        error={isBackwards ? 'it must end after it begins' : null}
        required
      />
      <TextInput
        label="Reason"
        description="Shown to everyone who waits"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        required
      />
      {save.isError && <ProblemNotice error={save.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onCancel}>
          Leave as it is
        </Button>
        <Button type="submit" disabled={isBackwards} loading={save.isPending}>
          Announce
        </Button>
      </Group>
    </form>
  );
}
