import type { JsonObject } from '@interpulse/domain/json.ts';
import { memberFields, type FormField } from '../schema-form/form-field.ts';
import classes from './flows.module.css';

/** What a flow is given, as its input schema names it. */
export function FlowInputs(props: { schema: JsonObject }) {
  const fields = memberFields(props.schema, props.schema);
  if (fields.length === 0) return <p className="ip-dim">Whatever JSON object one gives it.</p>;
  return <FieldLines fields={fields} root={props.schema} className={classes.inputs} />;
}

function FieldLines(props: {
  fields: FormField[];
  root: JsonObject;
  className?: string | undefined;
}) {
  return (
    <ul className={props.className}>
      {props.fields.map((field) => {
        const isObject = field.kind === 'object' || field.kind === 'collectionObject';
        return (
          <li key={field.name}>
            <b>{field.label}</b>{' '}
            {nameBeside(field) && <span className="ip-dim ip-mono">{field.name}</span>}{' '}
            {!field.isRequired && <span className="ip-dim">optional</span>}
            {field.description !== '' && <div className="ip-dim">{field.description}</div>}
            {field.byDefault !== undefined &&
              field.byDefault !== '' &&
              !isEmpty(field.byDefault) && (
                <div className="ip-dim">
                  else <span className="ip-mono">{JSON.stringify(field.byDefault)}</span>
                </div>
              )}
            {isObject && (
              <FieldLines fields={memberFields(field.schema, props.root)} root={props.root} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** Whether the title says something other than the name. */
function nameBeside({ label, name }: FormField): boolean {
  return label !== name;
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
