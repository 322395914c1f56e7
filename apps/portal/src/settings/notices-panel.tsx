import { useState } from 'react';
import { Button, Checkbox, Group, TagsInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { directPlaceSchema } from '@interpulse/domain/notice/notice-place.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { occasionChoices, type Occasion } from '../notices/notice-words.ts';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { AgeText } from '../parts/time-text.tsx';

type Notices = Schemas['OwnNotices'];

/** Where one hears of flow runs while the portal is closed, of which, and whether it arrives. */
export function NoticesPanel() {
  const { data, isLoadingError, error } = useQuery({
    ...queries.notices(),
    // What is under way arrives without an event: it is looked at until it has.
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 2000 : false),
  });
  return (
    <section className="ip-panel">
      <h2>Where you hear of your flow runs</h2>
      {isLoadingError && <ProblemNotice error={error} />}
      {data && <NoticesForm key={JSON.stringify([data.to, data.on])} notices={data} />}
      {data && data.standings.length > 0 && (
        <DataTable
          label="Places"
          columns={columns}
          rows={data.standings}
          rowKey={({ place }) => place}
          empty="nowhere"
        />
      )}
    </section>
  );
}

function isUnderWay({ standings }: Notices): boolean {
  return standings.some(({ waiting }) => waiting > 0);
}

const columns: TableColumn<Notices['standings'][number]>[] = [
  {
    id: 'place',
    header: 'Place',
    isMain: true,
    cell: ({ place }) => <span className="ip-mono">{place}</span>,
  },
  {
    id: 'last',
    header: 'Last message',
    cell: ({ lastSentAt }) => <AgeText at={lastSentAt} empty="none yet" />,
  },
  {
    id: 'waiting',
    header: 'To be sent',
    cell: ({ waiting }) => (waiting === 0 ? '' : String(waiting)),
  },
  { id: 'problem', header: 'Problem', isText: true, cell: ({ lastError }) => lastError ?? '' },
];

function NoticesForm({ notices }: { notices: Notices }) {
  const [to, setTo] = useState(notices.to);
  const [on, setOn] = useState<string[]>(notices.on);
  const queryClient = useQueryClient();
  const { queryKey } = queries.notices();
  const keep = (now: Notices) => queryClient.setQueryData(queryKey, now);
  const save = useMutation({
    mutationFn: () =>
      unwrap(hub.PATCH('/api/v1/me/notices', { body: { to, on: on as Occasion[] } })),
    onSuccess: keep,
  });
  const test = useMutation({
    mutationFn: () => unwrap(hub.POST('/api/v1/me/notices/test')),
    onSuccess: keep,
  });
  const wrong = to.find((place) => !directPlaceSchema.safeParse(place).success);
  const isSame = JSON.stringify([to, on]) === JSON.stringify([notices.to, notices.on]);
  const ways = waysOf(notices.ways);
  return (
    <div className="ip-stack">
      <TagsInput
        label="Tell me at"
        description={
          ways.length > 0
            ? ways.join(', ')
            : 'This hub sends no messages yet: who runs it configures mail, chat rooms or webhooks'
        }
        placeholder={to.length === 0 ? 'mail:you@example.org' : ''}
        acceptValueOnBlur
        value={to}
        error={wrong === undefined ? null : `"${wrong}" is no place: ${ways.join(', ')}`}
        data={notices.ways.chats.map((chat) => `chat:${chat}`)}
        onChange={setTo}
      />
      <Checkbox.Group label="When a flow run of mine, or that I manage" value={on} onChange={setOn}>
        <Group mt="xs">
          {occasionChoices.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label.replace(/^it /, '')} />
          ))}
        </Group>
      </Checkbox.Group>
      {save.isError && <ProblemNotice error={save.error} />}
      {test.isError && <ProblemNotice error={test.error} />}
      <Group>
        <Button
          disabled={isSame || wrong !== undefined}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Save
        </Button>
        <Button
          variant="default"
          disabled={!isSame || to.length === 0}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          Send a test
        </Button>
      </Group>
    </div>
  );
}

function waysOf({ mail, mailDomains, chats, webhookHosts }: Notices['ways']): string[] {
  return [
    ...(mail ? [mailDomains === null ? 'mail:ADDRESS' : `mail:…@${mailDomains.join(' or ')}`] : []),
    ...chats.map((chat) => `chat:${chat}`),
    ...webhookHosts.map((host) => `webhook:https://${host}/…`),
  ];
}
