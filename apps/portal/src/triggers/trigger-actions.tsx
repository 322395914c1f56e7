import { lazy, Suspense, useState } from 'react';
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { RotateSecret } from './rotate-secret.tsx';
import { pageCode } from '../shell/page-code.ts';

// With an editor of documents, which a page that is only looked at does not need.
const FireButton = lazy(
  pageCode(async () => {
    const { FireButton: button } = await import('./fire-button.tsx');
    return { default: button };
  }),
);

function useRefresh(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  const about = new Set(['trigger', 'triggers']);
  return () =>
    queryClient.invalidateQueries({ predicate: ({ queryKey }) => about.has(String(queryKey[0])) });
}

/** Pauses a trigger; asks why, since everybody who waits for results will read it. */
export function PauseButton(props: { name: string }) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const refresh = useRefresh();
  const pause = useMutation({
    mutationFn: () => {
      const params = { path: { trigger: props.name } };
      const body = { reason: reason.trim() };
      return unwrap(hub.POST('/api/v1/triggers/{trigger}/pause', { params, body }));
    },
    onSuccess: async () => {
      setOpen(false);
      await refresh();
    },
  });
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Pause…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Pause ${props.name}`} centered>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            pause.mutate();
          }}
        >
          <TextInput
            label="Why"
            description="Whoever waits for results reads it, also on the Live page"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            maxLength={1000}
            required
            data-autofocus
          />
          <p className="ip-dim">Events are noted meanwhile, and start nothing, later neither.</p>
          {pause.isError && <ProblemNotice error={pause.error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setOpen(false)}>
              Leave it on
            </Button>
            <Button type="submit" disabled={reason.trim() === ''} loading={pause.isPending}>
              Pause
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}

/** Lets a paused trigger go on. */
export function ResumeButton(props: { name: string }) {
  const refresh = useRefresh();
  return (
    <ConfirmButton
      label="Resume…"
      question="It listens again from now on. What happened meanwhile starts nothing."
      confirm="Resume"
      onConfirm={async () => {
        const params = { path: { trigger: props.name } };
        await unwrap(hub.POST('/api/v1/triggers/{trigger}/resume', { params }));
        await refresh();
      }}
    />
  );
}

/** What one does with a trigger now and then: fire it, give it a new secret, delete it. */
export function TriggerMenu(props: { trigger: Schemas['Trigger'] }) {
  const { name, source } = props.trigger;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <>
      <Suspense fallback={null}>
        <FireButton trigger={props.trigger} />
      </Suspense>
      {source.kind === 'webhook' && <RotateSecret trigger={props.trigger} />}
      <ConfirmButton
        label="Delete…"
        question={
          `${name} starts nothing any more, and what it remembers of events is deleted with it: ` +
          'were it made again, an event told again would fire again. Its flow runs stay.'
        }
        confirm={`Delete ${name}`}
        onConfirm={async () => {
          const params = { path: { trigger: name } };
          await unwrap(hub.DELETE('/api/v1/triggers/{trigger}', { params }));
          await navigate({ to: '/triggers' });
          await queryClient.invalidateQueries({ queryKey: ['triggers'] });
        }}
      />
    </>
  );
}
