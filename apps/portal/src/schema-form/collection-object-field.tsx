import { Autocomplete, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { isJsonObject } from '@interpulse/domain/json.ts';
import { queries } from '../api/queries.ts';
import { memberFields } from './form-field.ts';
import { useFormFacts } from './form-context.ts';
import { labelsOf, type FieldProps } from './field-props.ts';
import { withMember } from './with-member.ts';
import { collectionChoices } from './collection-choices.ts';
import classes from './schema-form.module.css';

/**
 * Globus' hint for a collection with a path. Its `id` is a collection here, by name, or the id of
 * a foreign one that the hub's mapping knows.
 */
export function CollectionObjectField(props: FieldProps) {
  const { field, at, onChange } = props;
  const { root, fault, Field } = useFormFacts(at);
  const collections = useQuery(queries.collections());
  const value = isJsonObject(props.value) ? props.value : {};
  const { fault: idFault } = useFormFacts([...at, 'id']);
  const wantsUuid = isUuid(field.schema);
  const fields = memberFields(field.schema, root);
  return (
    <fieldset className={classes.group}>
      <legend>{field.label}</legend>
      {field.description !== '' && <p className="ip-dim">{field.description}</p>}
      {fault !== null && (
        <p role="alert" className={classes.fault}>
          {fault}
        </p>
      )}
      <div className={classes.fields}>
        {fields.map((member) => {
          const set = (inner: Parameters<FieldProps['onChange']>[0]) =>
            onChange(withMember(value, member.name, inner));
          if (member.name === 'id' && wantsUuid) {
            // Written for Globus: a collection here, or one there that the hub's mapping knows.
            return (
              <Autocomplete
                key="id"
                {...labelsOf(member, idFault)}
                label={member.label === 'id' ? 'Collection' : member.label}
                placeholder="a collection here, or an id that the hub maps"
                value={typeof value['id'] === 'string' ? value['id'] : ''}
                data={(collections.data?.items ?? []).map(({ name }) => name)}
                onChange={(id) => set(id === '' ? undefined : id)}
              />
            );
          }
          if (member.name === 'id') {
            const { placeholder: _, ...labels } = labelsOf(member, null);
            return (
              <NativeSelect
                key="id"
                {...labels}
                label={member.label === 'id' ? 'Collection' : member.label}
                value={typeof value['id'] === 'string' ? value['id'] : ''}
                data={collectionChoices(collections.data?.items ?? [])}
                onChange={(event) => set(event.currentTarget.value || undefined)}
              />
            );
          }
          return (
            <Field
              key={member.name}
              field={{ ...member, label: member.name === 'path' ? 'Path' : member.label }}
              at={[...at, member.name]}
              value={value[member.name]}
              onChange={set}
            />
          );
        })}
      </div>
    </fieldset>
  );
}

function isUuid({ properties }: FieldProps['field']['schema']): boolean {
  const id = isJsonObject(properties) ? properties['id'] : undefined;
  return isJsonObject(id) && id['format'] === 'uuid';
}
