import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { useHubNow } from '../api/hub-clock.ts';
import { timeLeftWords } from './time-left-words.ts';

/** When an open flow run is expected to end, and by how much it will be late. */
export function ExpectedEnd(props: { run: Schemas['FlowRun'] }) {
  const { endedAt, predictedFinishAt } = props.run;
  const now = useHubNow();
  if (endedAt !== null) return null;
  if (predictedFinishAt === null) {
    return <span className="ip-dim">not known: no run of this flow has completed</span>;
  }
  const { main } = timeLeftWords({ ...props.run, deadlineAt: null }, now);
  const { more, isLate } = timeLeftWords(props.run, now);
  return (
    <>
      {main}
      {isLate && <span style={{ color: 'var(--ip-late)' }}>, {more}</span>}
    </>
  );
}
