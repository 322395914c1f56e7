import { useState } from 'react';
import { Button, Group, NativeSelect, TagsInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { queryKeys } from '../api/query-keys.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { NoticeRulesField } from '../notices/notice-rules-field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { changesOf, draftOf, granteeFault, partsOfFlow, type PeopleDraft } from './people-draft.ts';
import { Dialog } from '../parts/dialog.tsx';

/** Gives people parts in a flow, and says as whom it acts. */
export function ShareDialog(props: { flow: Schemas['Flow']; onClose: () => void }) {
  const { flow, onClose } = props;
  const [draft, setDraft] = useState(() => draftOf(flow));
  const { data: me } = useQuery(queries.me());
  const queryClient = useQueryClient();
  const change = changesOf(flow, draft);
  const faults = new Map(
    partsOfFlow.flatMap(({ part }) => {
      const fault = draft[part].map(granteeFault).find((each) => each !== null);
      return fault === undefined ? [] : [[part, fault] as const];
    }),
  );
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        hub.PATCH('/api/v1/flows/{flow}', { params: { path: { flow: flow.name } }, body: change }),
      ),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.flows });
      onClose();
    },
  });
  const projects = Object.keys(me?.projects ?? {}).map((name) => `project:${name}`);
  const isSame = Object.keys(change).length === 0;
  const isHalf = draft.roles.some(({ role, account }) => (role === '') !== (account === ''));
  return (
    <Dialog onClose={onClose} title={`Share ${flow.title || flow.name}`} size="lg">
      <div className="ip-stack">
        <p className="ip-dim" style={{ margin: 0 }}>
          Members of project {flow.project} see, start and change it; readers see it. Here is who
          may beside them: names of users or accounts, project:NAME, or everyone.
        </p>
        {partsOfFlow.map(({ part, label, about }) => (
          <TagsInput
            key={part}
            label={label}
            description={about}
            placeholder={draft[part].length === 0 ? 'nobody else' : ''}
            data={['everyone', ...projects]}
            acceptValueOnBlur
            value={draft[part]}
            error={faults.get(part) ?? null}
            onChange={(names) => setDraft({ ...draft, [part]: names })}
          />
        ))}
        <AccountFields draft={draft} onChange={setDraft} />
        <h3 style={{ margin: 0 }}>Who is told of its flow runs</h3>
        <p className="ip-dim" style={{ margin: 0 }}>
          Whoever starts or manages one hears of it as its settings say; these are told beside them.
        </p>
        <NoticeRulesField
          rules={draft.notify}
          onChange={(notify) => setDraft({ ...draft, notify })}
        />
        {save.isError && <ProblemNotice error={save.error} />}
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button
          disabled={isSame || isHalf || faults.size > 0}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save
        </Button>
      </Group>
    </Dialog>
  );
}

/** As whom the flow acts where a state says `RunAs`. */
function AccountFields(props: { draft: PeopleDraft; onChange: (draft: PeopleDraft) => void }) {
  const { draft, onChange } = props;
  const { data } = useQuery(triggerQueries.serviceAccounts());
  const known = (data?.items ?? []).map(({ name }) => name);
  const choices = (now: string | null) => [
    { value: '', label: 'nobody' },
    // One that somebody else keeps stays to be seen.
    ...[...new Set([...known, ...(now ? [now] : [])])].map((name) => ({
      value: name,
      label: name,
    })),
  ];
  const setRole = (place: number, change: Partial<PeopleDraft['roles'][number]>) =>
    onChange({ ...draft, roles: draft.roles.with(place, { ...draft.roles[place]!, ...change }) });
  return (
    <>
      <NativeSelect
        label="Service account"
        description="For whom states with RunAs: Flow act"
        value={draft.serviceAccount ?? ''}
        data={choices(draft.serviceAccount)}
        onChange={(event) =>
          onChange({ ...draft, serviceAccount: event.currentTarget.value || null })
        }
      />
      {draft.roles.map(({ role, account }, place) => (
        <div key={place} className="ip-row" style={{ alignItems: 'end' }}>
          <TextInput
            label={`Role ${place + 1}`}
            placeholder="Analyst"
            value={role}
            maxLength={64}
            onChange={(event) => setRole(place, { role: event.currentTarget.value })}
          />
          <NativeSelect
            label={`Account of role ${place + 1}`}
            value={account}
            error={role !== '' && account === '' && 'choose one'}
            data={choices(account)}
            onChange={(event) => setRole(place, { account: event.currentTarget.value })}
          />
          <Button
            variant="default"
            onClick={() => onChange({ ...draft, roles: draft.roles.toSpliced(place, 1) })}
          >
            Remove
          </Button>
        </div>
      ))}
      <div>
        <Button
          variant="default"
          size="xs"
          onClick={() => onChange({ ...draft, roles: [...draft.roles, { role: '', account: '' }] })}
        >
          Add a role
        </Button>
      </div>
    </>
  );
}
