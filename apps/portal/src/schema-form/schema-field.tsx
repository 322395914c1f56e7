import { Checkbox, Group, NativeSelect, TextInput, Textarea } from '@mantine/core';
import type { Json } from '@interpulse/domain/json.ts';
import { toInstant, toLocalInput } from '../sites/local-input.ts';
import { CollectionObjectField } from './collection-object-field.tsx';
import { labelsOf, type FieldProps } from './field-props.ts';
import { useFormFacts } from './form-context.ts';
import { JsonField } from './json-field.tsx';
import { ListField } from './list-field.tsx';
import { LocationField } from './location-field.tsx';
import { NumberField } from './number-field.tsx';
import { ObjectField } from './object-field.tsx';
import { VariantsField } from './variants-field.tsx';
import classes from './schema-form.module.css';

/** One value, asked for in the way its schema wants. */
export function SchemaField(props: FieldProps) {
  switch (props.field.kind) {
    case 'object':
      return <ObjectField {...props} />;
    case 'collectionObject':
      return <CollectionObjectField {...props} />;
    case 'list':
      return <ListField {...props} />;
    case 'variants':
      return <VariantsField {...props} />;
    case 'json':
      return <JsonField {...props} />;
    case 'location':
      return <LocationField {...props} />;
    case 'choice':
    case 'boolean':
      return <ChoiceField {...props} />;
    case 'choices':
      return <ChoicesField {...props} />;
    case 'number':
    case 'integer':
    case 'textOrNumber':
      return <NumberField {...props} />;
    case 'instant':
      return <InstantField {...props} />;
    case 'text':
    case 'longText':
      return <TextField {...props} />;
  }
}

function TextField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const { fault } = useFormFacts(at);
  const shared = {
    ...labelsOf(field, fault),
    value: typeof value === 'string' ? value : '',
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      const text = event.currentTarget.value;
      onChange(text === '' ? undefined : text);
    },
  };
  if (field.kind === 'text') return <TextInput {...shared} />;
  return <Textarea {...shared} autosize minRows={2} className={classes.whole} />;
}

function InstantField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const { fault } = useFormFacts(at);
  return (
    <TextInput
      {...labelsOf(field, fault)}
      type="datetime-local"
      value={typeof value === 'string' ? localText(value) : ''}
      onChange={(event) => onChange(toInstant(event.currentTarget.value) || undefined)}
    />
  );
}

function localText(instant: string): string {
  const milliseconds = Date.parse(instant);
  return Number.isNaN(milliseconds) ? '' : toLocalInput(milliseconds);
}

function ChoiceField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const { fault } = useFormFacts(at);
  const options =
    field.kind === 'boolean'
      ? [
          { value: true, label: 'yes' },
          { value: false, label: 'no' },
        ]
      : field.options;
  const { placeholder, ...labels } = labelsOf(field, fault);
  const none = field.byDefault === undefined ? '–' : placeholder;
  return (
    <NativeSelect
      {...labels}
      value={value === undefined ? '' : JSON.stringify(value)}
      data={[
        { value: '', label: none },
        ...options.map((each) => ({ value: JSON.stringify(each.value), label: each.label })),
      ]}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        onChange(chosen === '' ? undefined : (JSON.parse(chosen) as Json));
      }}
    />
  );
}

function ChoicesField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const { fault } = useFormFacts(at, true);
  const { placeholder: _, ...labels } = labelsOf(field, fault);
  const chosen = Array.isArray(value) ? value.map((each) => JSON.stringify(each)) : [];
  return (
    <Checkbox.Group
      {...labels}
      className={classes.whole ?? ''}
      value={chosen}
      onChange={(values) => onChange(values.map((each) => JSON.parse(each) as Json))}
    >
      <Group gap="md" mt={6}>
        {field.options.map((option) => {
          const key = JSON.stringify(option.value);
          return <Checkbox key={key} value={key} label={option.label} />;
        })}
      </Group>
    </Checkbox.Group>
  );
}
