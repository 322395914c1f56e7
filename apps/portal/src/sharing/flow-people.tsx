import { lazy, Suspense, useState } from 'react';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { FactList } from '../parts/fact-list.tsx';
import { mayShare } from './may-share.ts';
import { partsOfFlow } from './people-draft.ts';
import { pageCode } from '../shell/page-code.ts';

const ShareDialog = lazy(
  pageCode(async () => {
    const { ShareDialog: dialog } = await import('./share-dialog.tsx');
    return { default: dialog };
  }),
);

/** Who has which part in a flow beside its project, and as whom it acts. */
export function FlowPeople(props: { flow: Schemas['Flow'] }) {
  const { flow } = props;
  const { data: me } = useQuery(queries.me());
  const [isOpen, setOpen] = useState(false);
  const roles = Object.entries(flow.roles).map(([role, account]) => `${role} as ${account}`);
  const given = partsOfFlow.filter(({ part }) => flow[part].length > 0);
  const isAlone = given.length === 0 && flow.serviceAccount === null && roles.length === 0;
  return (
    <>
      {isAlone && (
        <p style={{ marginTop: 0 }}>Members of project {flow.project}; nobody else has a part.</p>
      )}
      <FactList
        facts={[
          ...given.map(({ part, label }) => ({ name: label, value: flow[part].join(', ') })),
          { name: 'It acts as', value: flow.serviceAccount },
          { name: 'Roles', value: roles.join(', ') },
        ]}
      />
      {mayShare(me, flow) && (
        <Button variant="default" size="xs" mt={isAlone ? 0 : 'sm'} onClick={() => setOpen(true)}>
          Share…
        </Button>
      )}
      <Suspense fallback={null}>
        {isOpen && <ShareDialog flow={flow} onClose={() => setOpen(false)} />}
      </Suspense>
    </>
  );
}
