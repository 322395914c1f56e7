import { ActionIcon, Button } from '@mantine/core';
import { IconArrowUp, IconTrash } from '@tabler/icons-react';
import type { Json } from '@interpulse/domain/json.ts';
import { formField, itemsOf, startValue } from './form-field.ts';
import { useFormFacts } from './form-context.ts';
import type { FieldProps } from './field-props.ts';
import classes from './schema-form.module.css';

/** A list of values, each with a form of its own. */
export function ListField(props: FieldProps) {
  const { field, at, onChange } = props;
  const { root, fault, Field } = useFormFacts(at);
  const items = Array.isArray(props.value) ? props.value : [];
  const element = itemsOf(field.schema, root);
  const set = (next: Json[]) => onChange(next.length === 0 && !field.isRequired ? undefined : next);
  const most = field.schema['maxItems'];
  return (
    <fieldset className={classes.group}>
      <legend>{field.label}</legend>
      {field.description !== '' && <p className="ip-dim">{field.description}</p>}
      {fault !== null && (
        <p role="alert" className={classes.fault}>
          {fault}
        </p>
      )}
      <ol className={classes.items}>
        {items.map((item, index) => {
          const single = formField('', element, root, true);
          const named = { ...single, label: `${single.label || 'Element'} ${index + 1}` };
          return (
            // Elements have no identity but their place.
            <li key={index}>
              <Field
                field={named}
                at={[...at, index]}
                value={item}
                onChange={(value) => set(items.with(index, value ?? emptyOf(element)))}
              />
              <span className={classes.itemButtons}>
                {index > 0 && (
                  <ActionIcon
                    variant="subtle"
                    aria-label={`Move ${named.label} up`}
                    onClick={() =>
                      set(items.with(index - 1, item).with(index, items[index - 1] ?? null))
                    }
                  >
                    <IconArrowUp size={15} />
                  </ActionIcon>
                )}
                <ActionIcon
                  variant="subtle"
                  aria-label={`Remove ${named.label}`}
                  onClick={() => set(items.toSpliced(index, 1))}
                >
                  <IconTrash size={15} />
                </ActionIcon>
              </span>
            </li>
          );
        })}
      </ol>
      {(typeof most !== 'number' || items.length < most) && (
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => set([...items, startValue(element, root) ?? emptyOf(element)])}
        >
          Add {items.length === 0 ? 'an element' : 'another'}
        </Button>
      )}
    </fieldset>
  );
}

function emptyOf(schema: { type?: Json }): Json {
  switch (schema.type) {
    case 'object':
      return {};
    case 'array':
      return [];
    case 'string':
      return '';
    default:
      return null;
  }
}
