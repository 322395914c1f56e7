import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FormForThose } from '../access/form-for-those.tsx';
import { queries } from '../api/queries.ts';
import { PageHeader } from '../parts/page-header.tsx';
import { emptyDraft } from './trigger-draft.ts';
import { TriggerForm } from './trigger-form.tsx';

const route = getRouteApi('/triggers/new');

/** Makes a trigger; for a flow or an instrument when one came from its page. */
export function NewTriggerPage() {
  const { flow = '', instrument = '' } = route.useSearch();
  const { data: me } = useQuery(queries.me());
  const { data: instruments } = useQuery(queries.instruments());
  if (me === undefined || instruments === undefined) return <p className="ip-dim">…</p>;
  const [project = ''] = Object.entries(me.projects)
    .filter(([, role]) => role !== 'reader')
    .map(([name]) => name);
  // Where there is one instrument, nobody needs to choose it.
  const only = instruments.items.length === 1 ? (instruments.items[0]?.name ?? '') : '';
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const start = emptyDraft(timeZone);
  return (
    <>
      <PageHeader title="New trigger" above={<Link to="/triggers">Triggers</Link>} />
      <FormForThose what="make a trigger">
        <TriggerForm
          isNew
          start={{ ...start, project, flowName: flow, instrument: instrument || only }}
        />
      </FormForThose>
    </>
  );
}
