import { useState } from 'react';
import { Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hubNow } from '../api/hub-clock.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { parseSpan } from '../format/parse-span.ts';
import { readTags } from '../format/read-tags.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { Dialog } from '../parts/dialog.tsx';

/** Changes a flow run's label and tags, and while it is under way when its answer is due. */
export function ChangeRunDialog(props: { flowRun: Schemas['FlowRun']; onClose: () => void }) {
  const { flowRun, onClose } = props;
  const before = Object.entries(flowRun.tags).map(([name, value]) => `${name}:${value}`);
  const [label, setLabel] = useState(flowRun.label);
  const [tags, setTags] = useState(before.join(', '));
  const [due, setDue] = useState('');
  const queryClient = useQueryClient();
  const read = readTags(tags);
  const isNever = due.trim().toLowerCase() === 'never';
  const seconds = due.trim() === '' || isNever ? null : parseSpan(due);
  const isWrong = due.trim() !== '' && !isNever && seconds === null;
  const change = useMutation({
    mutationFn: () => {
      const at = seconds === null ? null : new Date(hubNow() + seconds * 1000).toISOString();
      return unwrap(
        hub.PATCH('/api/v1/flow-runs/{flowRunId}', {
          params: { path: { flowRunId: flowRun.id } },
          body: {
            ...(label === flowRun.label ? {} : { label }),
            ...(read === null || tags === before.join(', ') ? {} : { tags: read }),
            ...(due.trim() === '' ? {} : { deadlineAt: at }),
          },
        }),
      );
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queries.flowRun(flowRun.id).queryKey });
      onClose();
    },
  });
  return (
    <Dialog onClose={onClose} title="Change the flow run">
      <div className="ip-stack">
        <TextInput
          label="Label"
          value={label}
          maxLength={200}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label="Tags"
          placeholder="name:value, name:value"
          value={tags}
          error={read === null && 'write them as name:value, name:value'}
          onChange={(event) => setTags(event.currentTarget.value)}
        />
        {flowRun.endedAt === null && (
          <TextInput
            label="Due, from now on"
            description={
              <>
                {flowRun.deadlineAt === null ? (
                  'It has no deadline. '
                ) : (
                  <>
                    Now <TimeText at={flowRun.deadlineAt} />.{' '}
                  </>
                )}
                Left empty it stays; its open jobs move with it
              </>
            }
            placeholder="10 min, or never"
            value={due}
            error={isWrong && 'write it as 10 min or 2 h, or never'}
            onChange={(event) => setDue(event.currentTarget.value)}
          />
        )}
        {change.isError && <ProblemNotice error={change.error} />}
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button
          disabled={isWrong || read === null}
          loading={change.isPending}
          onClick={() => change.mutate()}
        >
          Save
        </Button>
      </Group>
    </Dialog>
  );
}
