import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { queries } from '../api/queries.ts';
import { StatusMark } from '../parts/status-mark.tsx';

/** What is worth a look in a flow as the hub is now: an app that it names may come, or go. */
export function FlowWarnings(props: { flow: Schemas['Flow'] }) {
  const { data } = useQuery(queries.flowCheck(props.flow));
  // Words that Globus does not know are nothing to look after in a flow that runs here.
  const warnings = (data?.warnings ?? []).filter(({ type }) => type !== 'extension');
  if (warnings.length === 0) return null;
  return (
    <section className="ip-panel ip-whole" aria-label="Worth a look">
      <h2>Worth a look</h2>
      <ul style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {warnings.map(({ loc, msg }) => (
          <li key={`${loc.join('.')} ${msg}`}>
            <StatusMark status="warning" word={msg} tone="late" />{' '}
            <span className="ip-dim">{loc.slice(1).join('.')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
