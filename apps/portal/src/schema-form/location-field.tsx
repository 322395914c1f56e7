import { useState } from 'react';
import { ActionIcon, Modal, TextInput } from '@mantine/core';
import { IconFolderSearch } from '@tabler/icons-react';
import { LocationPicker } from './location-picker.tsx';
import { useFormFacts } from './form-context.ts';
import { labelsOf, type FieldProps } from './field-props.ts';

/** A location, `collection:/path`: typed, or chosen from what lies in the collections. */
export function LocationField(props: FieldProps) {
  const { field, at, value, onChange } = props;
  const { fault } = useFormFacts(at);
  const [isOpen, setOpen] = useState(false);
  const text = typeof value === 'string' ? value : '';
  const labels = labelsOf(
    field,
    fault?.startsWith('must match pattern') ? 'write it as collection:/path' : fault,
  );
  return (
    <>
      <TextInput
        {...labels}
        placeholder="collection:/path"
        value={text}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onChange={(event) => onChange(event.currentTarget.value || undefined)}
        rightSection={
          <ActionIcon
            variant="subtle"
            aria-label={`Choose ${field.label} from the collections`}
            onClick={() => setOpen(true)}
          >
            <IconFolderSearch size={17} />
          </ActionIcon>
        }
      />
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={field.label} size="lg">
        <LocationPicker
          location={text}
          onChoose={(location) => {
            onChange(location);
            setOpen(false);
          }}
        />
      </Modal>
    </>
  );
}
