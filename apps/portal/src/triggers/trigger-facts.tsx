import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { formatSpan } from '../format/duration.ts';
import { FactList } from '../parts/fact-list.tsx';
import { JsonView } from '../parts/json-view.tsx';
import { TimeText } from '../parts/time-text.tsx';
import { sourceWords } from './source-words.ts';

type Trigger = Schemas['Trigger'];

/** The rules of a trigger in words. */
export function TriggerFacts(props: { trigger: Trigger }) {
  const { trigger } = props;
  const code = (text: string | null) => text !== null && <code>{text}</code>;
  const facts = [
    { name: 'Listens to', value: sourceWords(trigger.source) },
    { name: 'Condition', value: code(trigger.when) },
    {
      name: 'Starts',
      value: (
        <Link to="/flows/$flow" params={{ flow: trigger.flowName }}>
          {trigger.flowName}
        </Link>
      ),
    },
    { name: 'Label', value: code(trigger.label) || 'made of the event' },
    { name: 'Same event', value: code(trigger.dedupKey) || 'by what happened' },
    { name: 'Rate limit', value: rateWords(trigger.rateLimit) },
    { name: 'Answer due', value: <DeadlineRule rule={trigger.deadline} /> },
    { name: 'Urgency', value: trigger.urgency },
    {
      name: 'Tags',
      value: Object.entries(trigger.tags)
        .map(([name, value]) => `${name}=${value}`)
        .join(', '),
    },
    { name: 'Runs as', value: `${trigger.runAs}, project ${trigger.project}` },
    { name: 'Next due', value: trigger.nextDueAt && <TimeText at={trigger.nextDueAt} /> },
    { name: 'Catches up', value: catchUpWords(trigger) },
    { name: 'Made', value: <TimeText at={trigger.createdAt} /> },
    {
      name: 'Flow runs',
      value: (
        <Link to="/flow-runs" search={{ trigger: trigger.name }}>
          all that it started
        </Link>
      ),
    },
  ];
  return (
    <>
      <FactList
        facts={facts.map((fact) => (fact.value === false ? { ...fact, value: null } : fact))}
      />
      <div style={{ marginTop: 14 }}>
        <JsonView title="Input of the flow" value={trigger.input} />
      </div>
    </>
  );
}

const beyondWords = {
  drop: 'what comes beyond is dropped',
  queue: 'what comes beyond waits',
  latest: 'of what comes beyond the newest waits',
};

function rateWords(rate: Trigger['rateLimit']): string | null {
  if (rate === null) return null;
  const { most, perSeconds, beyond } = rate;
  return `at most ${most} in ${formatSpan(perSeconds)}; ${beyondWords[beyond]}`;
}

function DeadlineRule(props: { rule: Trigger['deadline'] }) {
  const { rule } = props;
  if (rule === 'none') return 'no deadline';
  if (rule === 'nextShot') return 'at the next shot';
  if (typeof rule === 'number') return `${formatSpan(rule)} after the event`;
  return (
    <>
      at <code>{rule['at.=']}</code>
    </>
  );
}

function catchUpWords({ source }: Trigger): string | null {
  if (source.kind !== 'schedule') return null;
  if (source.catchUp === 'none') return 'with nothing that was missed';
  return source.catchUp === 'last' ? 'with the last instant missed' : 'with all instants missed';
}
