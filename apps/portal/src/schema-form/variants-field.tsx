import { useMemo, useState } from 'react';
import { NativeSelect } from '@mantine/core';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import type { Json, JsonObject } from '@interpulse/domain/json.ts';
import { formField, startValue } from './form-field.ts';
import { useFormFacts } from './form-context.ts';
import { labelsOf, type FieldProps } from './field-props.ts';
import classes from './schema-form.module.css';

/** A value that may have one of several forms: which, and then that form. */
export function VariantsField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const { root, fault, Field } = useFormFacts(at);
  const fitting = useMemo(() => fittingVariant(field.variants, value, root), [field, value, root]);
  const [chosen, setChosen] = useState<number | null>(null);
  const index = chosen ?? fitting;
  const variant = field.variants[index];
  const inner = variant && formField('', variant.schema, root, field.isRequired);
  const { placeholder: _, ...labels } = labelsOf(field, fault);
  return (
    <div className={classes.variants}>
      <NativeSelect
        {...labels}
        value={index}
        data={field.variants.map(({ label }, place) => ({ value: String(place), label }))}
        onChange={(event) => {
          const place = Number(event.currentTarget.value);
          setChosen(place);
          onChange(startValue(field.variants[place]?.schema, root));
        }}
      />
      {inner && inner.schema['type'] !== 'null' && (
        <Field
          key={index}
          field={{ ...inner, label: inner.label || field.variants[index]?.label || '' }}
          at={at}
          value={value}
          onChange={onChange}
        />
      )}
    </div>
  );
}

/** The first form that a value has; the first of all while there is none. */
function fittingVariant(
  variants: { schema: JsonObject }[],
  value: Json | undefined,
  root: JsonObject,
): number {
  if (value === undefined) return 0;
  const { definitions = {} } = root;
  const fits = variants.findIndex(
    ({ schema }) => validateInput({ ...schema, definitions }, value).length === 0,
  );
  return Math.max(0, fits);
}
