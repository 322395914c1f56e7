import { useState, type SyntheticEvent } from 'react';
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';

/** Closes a site for new work, with a reason for those who wait, or opens it again. */
export function SiteGate(props: { site: Schemas['Site'] }) {
  const { site } = props;
  const isClosed = site.status === 'closed';
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const change = useMutation({
    mutationFn: (closed: boolean) => {
      const path = { site: site.name };
      const body = closed ? { closed, reason } : { closed };
      return unwrap(hub.PATCH('/api/v1/sites/{site}', { params: { path }, body }));
    },
    onSuccess: async () => {
      setOpen(false);
      await queryClient.invalidateQueries({ queryKey: queries.sites().queryKey });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate(true);
  };
  if (isClosed) {
    return (
      <>
        {change.isError && <ProblemNotice error={change.error} />}
        <Button variant="default" loading={change.isPending} onClick={() => change.mutate(false)}>
          Open site
        </Button>
      </>
    );
  }
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Close site
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Close ${site.name}`} centered>
        <form onSubmit={submit}>
          <p style={{ marginTop: 0 }}>
            Nothing new is placed there. What runs goes on; what waits is placed elsewhere.
          </p>
          <TextInput
            label="Reason"
            description="Shown to everyone who waits"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            required
            data-autofocus
          />
          {change.isError && <ProblemNotice error={change.error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setOpen(false)}>
              Leave it open
            </Button>
            <Button type="submit" color="red.8" loading={change.isPending}>
              Close site
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
