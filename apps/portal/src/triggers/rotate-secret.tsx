import { useState } from 'react';
import { Button, Group, Modal, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { SecretNotice } from './secret-notice.tsx';

const graces = [
  { value: '3600', label: 'another hour' },
  { value: '86400', label: 'another day' },
  { value: '604800', label: 'another week' },
  { value: '0', label: 'no longer' },
];

/** Gives a webhook a new secret, and shows it this once. */
export function RotateSecret(props: { trigger: Schemas['Trigger'] }) {
  const { name, source } = props.trigger;
  const [isOpen, setOpen] = useState(false);
  const [grace, setGrace] = useState('3600');
  const rotate = useMutation({
    mutationFn: () => {
      const params = { path: { trigger: name } };
      const body = { graceSeconds: Number(grace) };
      return unwrap(hub.POST('/api/v1/triggers/{trigger}/rotate-secret', { params, body }));
    },
  });
  const close = () => {
    setOpen(false);
    rotate.reset();
  };
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        New secret…
      </Button>
      <Modal opened={isOpen} onClose={close} title={`New secret of ${name}`} size="lg" centered>
        {rotate.data === undefined ? (
          <>
            <NativeSelect
              label="The secret it has now is good"
              data={graces}
              value={grace}
              onChange={(event) => setGrace(event.currentTarget.value)}
            />
            {rotate.isError && <ProblemNotice error={rotate.error} />}
            <Group justify="flex-end" mt="md">
              <Button variant="default" onClick={close}>
                Leave it
              </Button>
              <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
                Make a new secret
              </Button>
            </Group>
          </>
        ) : (
          <SecretNotice
            name={name}
            secret={rotate.data.secret}
            signs={source.kind === 'webhook' ? source.signs : 'delivery'}
          >
            {rotate.data.oldSecretUntil !== null && (
              <p className="ip-dim" style={{ margin: '12px 0 0' }}>
                The old one is good until <TimeText at={rotate.data.oldSecretUntil} />.
              </p>
            )}
          </SecretNotice>
        )}
      </Modal>
    </>
  );
}
