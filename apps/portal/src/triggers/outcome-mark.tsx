import { StatusMark } from '../parts/status-mark.tsx';
import { outcomeLook } from './trigger-standing.ts';

/** What became of an event, as a mark and a word; its meaning as a tip. */
export function OutcomeMark(props: { outcome: string }) {
  const { word, tone, meaning } = outcomeLook(props.outcome);
  return (
    <span title={meaning}>
      <StatusMark status={props.outcome} word={word} tone={tone} />
    </span>
  );
}
