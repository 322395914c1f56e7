import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { DomainError } from '@interpulse/domain/error.ts';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { queryKeys } from '../api/query-keys.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { nameFault } from './about-fields.tsx';
import { flowChanges } from './flow-changes.ts';
import type { FlowDraft } from './flow-editor.tsx';
import { TextDifference } from './text-difference.tsx';
import { Dialog } from '../parts/dialog.tsx';

/** Shows what a new version changes against the newest one that there is, and saves it. */
export function SaveDialog(props: {
  draft: FlowDraft;
  definition: JsonObject;
  inputSchema: JsonObject;
  onSaved: () => void;
  onClose: () => void;
}) {
  const { draft, definition, inputSchema, onSaved, onClose } = props;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  // Asked anew: somebody else may have saved meanwhile.
  const newest = useQuery({
    ...queries.flow(draft.name),
    staleTime: 0,
    enabled: draft.name !== '',
  });
  const isNew = newest.error instanceof DomainError && newest.error.kind === 'notFound';
  const before = newest.data ?? null;
  const { title, description } = draft;
  const after = { title, description, definition, inputSchema };
  const changes = flowChanges(before, after);
  const fault = draft.name === '' ? 'give it a name first' : nameFault(draft.name);
  const save = useMutation({
    mutationFn: async (_next: 'show' | 'start') =>
      unwrap(
        hub.PUT('/api/v1/flows/{flow}', {
          params: { path: { flow: draft.name } },
          body: { ...after, ...(draft.project === '' ? {} : { project: draft.project }) },
        }),
      ),
    onSuccess: async (flow, next) => {
      onSaved();
      await queryClient.invalidateQueries({ queryKey: queryKeys.flows });
      const to = next === 'start' ? '/flows/$flow/start' : '/flows/$flow';
      await navigate({ to, params: { flow: flow.name }, ignoreBlocker: true });
    },
  });
  const isReady = fault === null && (isNew || (before !== null && !newest.isFetching));
  const isSame = before !== null && changes.length === 0;
  return (
    <Dialog onClose={onClose} title="Save the flow" size="90%" centered>
      {fault !== null && <p role="alert">The name: {fault}.</p>}
      {isNew && fault === null && <p>{draft.name} is a new flow.</p>}
      {before !== null && (
        <>
          <p>
            {changesSince(before.version, before.owner)} <TimeText at={before.updatedAt} />:{' '}
            {isSame ? 'nothing changes.' : changes.join(' ')}
          </p>
          {!isSame && <TextDifference before={writeContent(before)} after={writeContent(after)} />}
          <p className="ip-dim">
            Flow runs that are under way keep their version. Comments of YAML are not kept; Comment
            fields are.
          </p>
        </>
      )}
      {save.isError && <ProblemNotice error={save.error} />}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Go on writing
        </Button>
        <Button
          variant="default"
          disabled={!isReady || isSame}
          loading={save.isPending}
          onClick={() => save.mutate('start')}
        >
          Save and start
        </Button>
        <Button
          disabled={!isReady || isSame}
          loading={save.isPending}
          onClick={() => save.mutate('show')}
        >
          {before === null ? 'Save' : `Save as version ${before.version + 1}`}
        </Button>
      </Group>
    </Dialog>
  );
}

function changesSince(version: number, owner: string): string {
  return `Against version ${version} by ${owner},`;
}

function writeContent(flow: {
  title: string;
  description: string;
  definition: unknown;
  inputSchema: unknown;
}): string {
  const { title, description, definition, inputSchema } = flow;
  return JSON.stringify({ title, description, definition, inputSchema }, null, 2);
}
