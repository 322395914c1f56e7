import { evaluateTrigger } from '@interpulse/domain/trigger/evaluate-trigger.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { flowInput } from '@interpulse/domain/trigger/flow-input.ts';
import type { TriggerRules } from '@interpulse/domain/trigger/evaluate-trigger.ts';
import type { TriggerSource } from '@interpulse/domain/trigger/trigger-source.ts';
import { trialEvent } from './trial-event.ts';
import type { ShownEvent } from './use-last-event.ts';
import classes from './triggers.module.css';

/** What the rules make of an event: the flow's input and label, and what the flow says to it. */
export function Trial(props: {
  rules: TriggerRules;
  source: TriggerSource;
  shown: ShownEvent;
  inputSchema: JsonObject;
}) {
  const { rules, source, shown, inputSchema } = props;
  const event = trialEvent(source, shown.document);
  const verdict = evaluateTrigger(rules, event);
  if (verdict.kind !== 'start') {
    return (
      <p className={classes.note} role="status">
        On {shown.word} it {verdict.kind === 'filtered' ? 'would not fire' : 'fails'}:{' '}
        {verdict.reason}
      </p>
    );
  }
  const input = flowInput(rules, event, verdict.input, inputSchema);
  const faults = validateInput(inputSchema, input);
  return (
    <div role="region" aria-label={`On ${shown.word}`}>
      <h3 className="ip-heading">On {shown.word} the flow is given</h3>
      <pre className={`ip-pre ${classes.example}`}>{JSON.stringify(input, null, 2)}</pre>
      {faults.length > 0 && (
        <>
          <p className={classes.note}>The flow would refuse this, if events look so:</p>
          <ul className={classes.faults}>
            {faults.slice(0, 6).map(({ loc, msg }) => (
              <li key={`${loc.join('.')} ${msg}`}>
                <code>{loc.join('.') || 'the input'}</code> {msg}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
