import { useState } from 'react';
import { Button, CopyButton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hubNow } from '../api/hub-clock.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { queryKeys } from '../api/query-keys.ts';
import { triggerQueries } from '../api/trigger-queries.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { DataTable, type TableColumn } from '../parts/data-table.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { AgeText, TimeText } from '../parts/time-text.tsx';
import { MakeForm } from './make-form.tsx';

const lifetimes = [
  { value: '30', label: '30 days' },
  { value: '365', label: '1 year' },
  { value: '1', label: '1 day' },
  { value: '0', label: 'No end' },
];

/** The tokens of the caller, or of an account: make one (shown once), revoke one. */
export function TokenPanel(props: { account?: string }) {
  const { account } = props;
  const queryClient = useQueryClient();
  const own = useQuery({ ...queries.tokens(), enabled: account === undefined });
  const others = useQuery({
    ...triggerQueries.tokensOf(account ?? ''),
    enabled: account !== undefined,
  });
  const tokens = account === undefined ? own : others;
  const refresh = () =>
    queryClient.invalidateQueries({
      queryKey: account === undefined ? queryKeys.tokens : queryKeys.tokensOf(account),
    });
  const columns: TableColumn<Schemas['Token']>[] = [
    { id: 'label', header: 'Label', cell: (token) => token.label || 'no label', isMain: true },
    { id: 'made', header: 'Made', cell: (token) => <TimeText at={token.createdAt} /> },
    { id: 'used', header: 'Last used', cell: (token) => <AgeText at={token.usedAt} /> },
    {
      id: 'ends',
      header: 'Ends',
      cell: (token) => <TimeText at={token.expiresAt} empty="no end" />,
    },
    {
      id: 'revoke',
      header: '',
      align: 'right',
      cell: (token) => (
        <ConfirmButton
          label="Revoke"
          question={`Programs that use "${token.label || token.id}" are refused from now on.`}
          confirm="Revoke token"
          onConfirm={async () => {
            const path = { tokenId: token.id };
            await unwrap(hub.DELETE('/api/v1/tokens/{tokenId}', { params: { path } }));
            await refresh();
          }}
        />
      ),
    },
  ];
  return (
    <section className="ip-panel">
      <h2>Tokens, for programs that act as {account ?? 'you'}</h2>
      <NewToken {...props} onMade={() => void refresh()} />
      {tokens.isLoadingError && <ProblemNotice error={tokens.error} />}
      {tokens.data && (
        <DataTable
          label={account === undefined ? 'Tokens' : `Tokens of ${account}`}
          columns={columns}
          rows={tokens.data.items}
          rowKey={(token) => token.id}
          empty="No tokens."
        />
      )}
    </section>
  );
}

function NewToken(props: { account?: string; onMade: () => void }) {
  const [label, setLabel] = useState('');
  const [days, setDays] = useState('30');
  const make = useMutation({
    mutationFn: () => {
      const user = props.account === undefined ? {} : { user: props.account };
      const end = hubNow() + Number(days) * 86_400_000;
      const expiresAt = days === '0' ? null : new Date(end).toISOString();
      return unwrap(hub.POST('/api/v1/tokens', { body: { label, expiresAt, ...user } }));
    },
    onSuccess: () => {
      setLabel('');
      props.onMade();
    },
  });
  return (
    <>
      <MakeForm
        label="Make a token"
        name={{
          label: 'Label',
          placeholder: 'where it will be used',
          value: label,
          onChange: setLabel,
        }}
        choice={{ label: 'Lifetime', value: days, data: lifetimes, onChange: setDays }}
        make={make}
      />
      {make.data && (
        <div role="status" style={{ margin: '14px 0' }}>
          <p style={{ margin: '0 0 6px' }}>
            The token of “{make.data.token.label}”. It is shown this once; keep it where only you
            can read it.
          </p>
          <div className="ip-row">
            <code className="ip-pre">{make.data.secret}</code>
            <CopyButton value={make.data.secret}>
              {({ copied, copy }) => (
                <Button variant="default" onClick={copy}>
                  {copied ? 'Copied' : 'Copy'}
                </Button>
              )}
            </CopyButton>
          </div>
        </div>
      )}
    </>
  );
}
