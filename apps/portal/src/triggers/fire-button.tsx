import { useState } from 'react';
import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import type { LastEvent } from '@interpulse/domain/trigger/trigger-firing.ts';
import { hub } from '../api/hub.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { InputEditor } from '../schema-form/input-editor.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { OutcomeMark } from './outcome-mark.tsx';
import { Dialog } from '../parts/dialog.tsx';

/** Fires a trigger by hand with its last event, or one that somebody writes. */
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
  const last = useQuery({ ...triggerQueries.lastEvent({ name: trigger.name }), staleTime: 0 });
  const [written, setWritten] = useState<JsonObject | null>(null);
  const event = written ?? (last.data?.event as JsonObject | undefined);
  const [isBroken, setBroken] = useState(false);
  const queryClient = useQueryClient();
  const fire = useMutation({
    mutationFn: (event: JsonObject) => {
      const params = { path: { trigger: trigger.name } };
      return unwrap(hub.POST('/api/v1/triggers/{trigger}/fire', { params, body: { event } }));
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['trigger', trigger.name] }),
  });
  return (
    <Dialog onClose={onClose} title={`Fire ${trigger.name} now`} size="lg">
      <p style={{ marginTop: 0 }}>
        It fires as if this happened, also while it is paused and whatever its rate limit says. The
        flow run is a real one.
      </p>
      {last.isError && <ProblemNotice error={last.error} onRetry={() => void last.refetch()} />}
      {last.data && <Origin last={last.data} />}
      {event && (
        <InputEditor
          label="Event"
          schema={{}}
          value={event}
          onChange={setWritten}
          faults={[]}
          showsMissing={false}
          onBroken={setBroken}
        />
      )}
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
        <Button
          disabled={isBroken || event === undefined}
          loading={fire.isPending}
          onClick={() => event && fire.mutate(event)}
        >
          {fire.data ? 'Fire again' : 'Fire'}
        </Button>
      </Group>
    </Dialog>
  );
}

/** Where the event comes from that is proposed. */
function Origin(props: { last: Omit<LastEvent, 'event'> }) {
  const { origin, at, summary, note } = props.last;
  if (origin === 'example') {
    return (
      <p>
        <b>An example, made up:</b> nothing that it listens to has happened yet, as far as is known.
      </p>
    );
  }
  return (
    <p>
      <b>The last event:</b> {summary}, <TimeText at={at ?? ''} />
      {note !== null && ` (${note})`}. What its flow returned then is returned to the same place.
    </p>
  );
}
