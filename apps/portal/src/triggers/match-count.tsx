import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { unwrap } from '@interpulse/api/client/create-client.ts';
import { triggerSourceSchema } from '@interpulse/domain/trigger/trigger-source.ts';
import { hub } from '../api/hub.ts';
import { hubNow } from '../api/hub-clock.ts';
import { formatCount } from '../format/quantity.ts';
import { readSource, type TriggerDraft } from './trigger-draft.ts';
import classes from './triggers.module.css';

const daySeconds = 86_400;

/** How many events of the last day the source matches, counted while one types. */
export function MatchCount(props: { draft: TriggerDraft; flowName: string }) {
  const { draft, flowName } = props;
  const source = triggerSourceSchema.safeParse(readSource(draft));
  const [wanted] = useDebouncedValue(JSON.stringify(source.data ?? null), 400);
  const isOfEvents = draft.kind !== 'schedule' && draft.kind !== 'webhook';
  const { data, isError } = useQuery({
    queryKey: ['matchCount', wanted, flowName],
    queryFn: () => {
      const trigger = { source: JSON.parse(wanted) as never, flowName, deadline: 'none' as const };
      const now = hubNow();
      const from = new Date(now - daySeconds * 1000).toISOString();
      const body = { trigger, from, to: new Date(now).toISOString() };
      return unwrap(hub.POST('/api/v1/triggers/dry-run', { body }));
    },
    enabled: isOfEvents && wanted !== 'null' && flowName !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (!isOfEvents || isError || data === undefined || wanted === 'null') return null;
  const matched = Object.values(data.outcomes).reduce((sum, count) => sum + count, 0);
  const last = data.items.slice(-3).toReversed();
  const plural = draft.kind === 'file' ? 'files' : draft.kind === 'dataset' ? 'datasets' : 'events';
  return (
    <p role="status" className={classes.note}>
      <b>{formatCount(matched)}</b> of {formatCount(data.looked)} {plural} of the last 24 hours
      {matched === 1 ? ' matches' : ' match'}
      {last.length > 0 && `: ${last.map((item) => item.event).join(', ')}`}
      {matched > last.length && last.length > 0 && ' …'}
    </p>
  );
}
