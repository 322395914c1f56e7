import { useState } from 'react';
import { Button, Group, Modal, NativeSelect, TextInput } from '@mantine/core';
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
  const [given, setGiven] = useState('');
  const rotate = useMutation({
    mutationFn: () => {
      const params = { path: { trigger: name } };
      const secret = given.trim();
      const body = { graceSeconds: Number(grace), ...(secret === '' ? {} : { secret }) };
      return unwrap(hub.POST('/api/v1/triggers/{trigger}/rotate-secret', { params, body }));
    },
  });
  const close = () => {
    setOpen(false);
    setGiven('');
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
            <TextInput
              mt="sm"
              label="The new one, where the sender has made it"
              description="Leave it empty, and the hub makes one."
              autoComplete="off"
              value={given}
              onChange={(event) => setGiven(event.currentTarget.value)}
            />
            {rotate.isError && <ProblemNotice error={rotate.error} />}
            <Group justify="flex-end" mt="md">
              <Button variant="default" onClick={close}>
                Leave it
              </Button>
              <Button loading={rotate.isPending} onClick={() => rotate.mutate()}>
                {given.trim() === '' ? 'Make a new secret' : 'Take this secret'}
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
