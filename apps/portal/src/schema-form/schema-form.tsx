import type { JsonObject } from '@interpulse/domain/json.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import { memberFields } from './form-field.ts';
import { FormContext, type FormFacts } from './form-context.ts';
import { SchemaField } from './schema-field.tsx';
import { withMember } from './with-member.ts';
import classes from './schema-form.module.css';

/**
 * A form made from a JSON Schema (draft-07), for the input of flows and the parameters of apps.
 * The value is the page's; what has a fault is marked where `faults` say so.
 */
export function SchemaForm(props: {
  schema: JsonObject;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  faults: readonly Fault[];
  /** What is missing is marked only then: an empty form is not wrong yet. */
  showsMissing: boolean;
}) {
  const { schema, value, onChange, faults, showsMissing } = props;
  const facts: FormFacts = { root: schema, faults, showsMissing, Field: SchemaField };
  const fields = memberFields(schema, schema);
  if (fields.length === 0) {
    return <p className="ip-dim">No fields are named; write the whole as JSON.</p>;
  }
  return (
    <FormContext value={facts}>
      <div className={classes.fields}>
        {fields.map((field) => (
          <SchemaField
            key={field.name}
            field={field}
            at={[field.name]}
            value={value[field.name]}
            onChange={(member) => onChange(withMember(value, field.name, member))}
          />
        ))}
      </div>
    </FormContext>
  );
}
