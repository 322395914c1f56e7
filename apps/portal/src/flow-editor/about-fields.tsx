import { NativeSelect, TextInput, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries.ts';
import type { FlowDraft } from './flow-editor.tsx';

/** What a flow is called, what it is for, and whose it is. */
export function AboutFields(props: {
  draft: FlowDraft;
  isNew: boolean;
  onChange: (part: Partial<FlowDraft>) => void;
}) {
  const { draft, isNew, onChange } = props;
  const { data: me } = useQuery(queries.me());
  const projects = Object.entries(me?.projects ?? {})
    .filter(([, role]) => role !== 'reader')
    .map(([name]) => name);
  const text = (name: 'name' | 'title' | 'description') => ({
    value: draft[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <section className="ip-panel">
      <div className="ip-stack" style={{ maxWidth: 640 }}>
        <TextInput
          label="Name"
          description="What programs and commands call it; it stays"
          required
          disabled={!isNew}
          error={isNew ? nameFault(draft.name) : null}
          {...text('name')}
        />
        <TextInput label="Title" description="What people call it" {...text('title')} />
        <Textarea
          label="Description"
          description="What it does and when one starts it"
          autosize
          minRows={3}
          {...text('description')}
        />
        <NativeSelect
          label="Project"
          value={draft.project}
          disabled={!isNew}
          data={[
            { value: '', label: 'My usual one' },
            ...new Set([...projects, draft.project]),
          ].filter((each) => each !== '')}
          onChange={(event) => onChange({ project: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}

/** What is wrong with the name of a new flow; null when nothing. */
export function nameFault(name: string): string | null {
  if (name === '') return null;
  const isName = /^[a-z0-9][a-z0-9._-]{0,62}$/.test(name);
  return isName ? null : 'lower-case letters, digits, ".", "_" and "-"';
}
