import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { DraftFields } from './draft-fields.ts';
import { anyTest, type ConditionDraft, type TestDraft } from './trigger-draft.ts';
import classes from './triggers.module.css';

const words: Record<TestDraft['test'], string> = {
  any: 'anything',
  equals: 'equal to',
  oneOf: 'one of',
  range: 'between',
  contains: 'has in it',
};

/** How a value is tested: the test, then what it is held against. */
export function TestFields(props: {
  label: string;
  tests: TestDraft['test'][];
  draft: TestDraft;
  fault: string | null;
  onChange: (change: Partial<TestDraft>) => void;
}) {
  const { draft, onChange, fault } = props;
  return (
    <>
      <NativeSelect
        label={props.label}
        value={draft.test}
        data={props.tests.map((test) => ({ value: test, label: words[test] }))}
        onChange={(event) => onChange({ test: event.currentTarget.value as TestDraft['test'] })}
      />
      {draft.test === 'any' ? (
        <span />
      ) : draft.test === 'range' ? (
        <div style={{ display: 'grid', gap: 8, gridTemplateColumns: '1fr 1fr' }}>
          <Bound label="At least" value={draft.least} onChange={(least) => onChange({ least })} />
          <Bound label="At most" value={draft.most} onChange={(most) => onChange({ most })} />
        </div>
      ) : (
        <TextInput
          label={draft.test === 'oneOf' ? 'Values, with commas' : 'Value'}
          placeholder='gold, 7.5, true or "7.5"'
          value={draft.value}
          error={fault}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function Bound(props: { label: string; value: string; onChange: (value: string) => void }) {
  const isWrong = props.value.trim() !== '' && !Number.isFinite(Number(props.value));
  return (
    <TextInput
      label={props.label}
      inputMode="decimal"
      value={props.value}
      error={isWrong ? 'a number' : null}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  );
}

/** Conditions on a dataset's metadata; all must hold. */
export function ConditionFields(props: DraftFields) {
  const { draft, onChange, faultAt } = props;
  const set = (index: number, change: Partial<ConditionDraft>) =>
    onChange({
      where: draft.where.map((each, place) => (place === index ? { ...each, ...change } : each)),
    });
  return (
    <div role="group" aria-label="Conditions on the metadata" style={{ marginTop: 16 }}>
      <div className="ip-stack" style={{ gap: 10 }}>
        {draft.where.map((condition, index) => (
          // Conditions have no name of their own; they are only added at the end.
          <div key={index} className={classes.condition}>
            <TextInput
              label="Metadata"
              placeholder="sample.name"
              value={condition.path}
              error={faultAt(`source.where.${index}`)}
              onChange={(event) => set(index, { path: event.currentTarget.value })}
            />
            <TestFields
              label="Is"
              tests={['any', 'equals', 'oneOf', 'range', 'contains']}
              draft={condition}
              fault={null}
              onChange={(change) => set(index, change)}
            />
            <Button
              variant="subtle"
              onClick={() => onChange({ where: draft.where.filter((_, place) => place !== index) })}
            >
              Remove
            </Button>
          </div>
        ))}
      </div>
      <Button
        variant="default"
        size="xs"
        mt="sm"
        onClick={() => onChange({ where: [...draft.where, { ...anyTest, path: '' }] })}
      >
        Add a condition on the metadata
      </Button>
    </div>
  );
}
