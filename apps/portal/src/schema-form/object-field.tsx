import { isJsonObject } from '@interpulse/domain/json.ts';
import { memberFields } from './form-field.ts';
import { useFormFacts } from './form-context.ts';
import type { FieldProps } from './field-props.ts';
import { withMember } from './with-member.ts';
import classes from './schema-form.module.css';

/** Several values with a name: a form in the form. */
export function ObjectField(props: FieldProps) {
  const { field, at, onChange } = props;
  const { root, fault, Field } = useFormFacts(at);
  const value = isJsonObject(props.value) ? props.value : {};
  return (
    <fieldset className={classes.group}>
      {field.label !== '' && <legend>{field.label}</legend>}
      {field.description !== '' && <p className="ip-dim">{field.description}</p>}
      {fault !== null && (
        <p role="alert" className={classes.fault}>
          {fault}
        </p>
      )}
      <div className={classes.fields}>
        {memberFields(field.schema, root).map((member) => (
          <Field
            key={member.name}
            field={member}
            at={[...at, member.name]}
            value={value[member.name]}
            onChange={(inner) => {
              const next = withMember(value, member.name, inner);
              // An optional object that is empty again is not there.
              const isGone = Object.keys(next).length === 0 && !field.isRequired;
              onChange(isGone ? undefined : next);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
