import { useState } from 'react';
import { Button, Group, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import { hub } from '../api/hub.ts';
import { InputEditor } from '../schema-form/input-editor.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { exampleDocument } from './example-event.ts';
import { OutcomeMark } from './outcome-mark.tsx';

/** Fires a trigger by hand with an event that one writes: to try it. */
export function FireButton(props: { trigger: Schemas['Trigger'] }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Fire now…
      </Button>
      {isOpen && <FireDialog trigger={props.trigger} onClose={() => setOpen(false)} />}
    </>
  );
}

function FireDialog(props: { trigger: Schemas['Trigger']; onClose: () => void }) {
  const { trigger, onClose } = props;
  const [event, setEvent] = useState<JsonObject>(() =>
    exampleDocument(trigger.source as TriggerSource),
  );
  const [isBroken, setBroken] = useState(false);
  const queryClient = useQueryClient();
  const fire = useMutation({
    mutationFn: () => {
      const params = { path: { trigger: trigger.name } };
      return unwrap(hub.POST('/api/v1/triggers/{trigger}/fire', { params, body: { event } }));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['trigger', trigger.name] }),
  });
  return (
    <Modal opened onClose={onClose} title={`Fire ${trigger.name} now`} size="lg">
      <p style={{ marginTop: 0 }}>
        It fires as if this happened, also while it is paused and whatever its rate limit says. The
        flow run is a real one.
      </p>
      <InputEditor
        label="Event"
        schema={{}}
        value={event}
        onChange={setEvent}
        faults={[]}
        showsMissing={false}
        onBroken={setBroken}
      />
      {fire.isError && <ProblemNotice error={fire.error} />}
      {fire.data && (
        <p role="status" className="ip-row">
          <OutcomeMark outcome={fire.data.outcome} />
          {fire.data.reason !== null && <span>{fire.data.reason}</span>}
          {fire.data.flowRunId !== null && (
            <Link to="/flow-runs/$flowRunId" params={{ flowRunId: fire.data.flowRunId }}>
              the flow run
            </Link>
          )}
        </p>
      )}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {fire.data ? 'Close' : 'Leave it'}
        </Button>
        <Button disabled={isBroken} loading={fire.isPending} onClick={() => fire.mutate()}>
          {fire.data ? 'Fire again' : 'Fire'}
        </Button>
      </Group>
    </Modal>
  );
}
