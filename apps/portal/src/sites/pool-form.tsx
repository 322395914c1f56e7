import { useState, type SyntheticEvent } from 'react';
import { Button, Checkbox, Group, Modal, NumberInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { formatSpan } from '../format/duration.ts';
import { parseSpan } from '../format/parse-span.ts';
import { formatCount } from '../format/quantity.ts';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { changedSettings, poolFields, settingFault } from './pool-fields.ts';

type Settings = Schemas['PoolSettings'];

/** Tunes a pool within what its site allows. */
export function PoolForm(props: { site: string; pool: Schemas['Pool'] }) {
  const [isOpen, setOpen] = useState(false);
  const { pool } = props;
  return (
    <>
      <Button
        variant="default"
        size="xs"
        aria-label={`Change pool ${pool.name}`}
        onClick={() => setOpen(true)}
      >
        Change…
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Pool ${pool.name}`} centered>
        <Fields {...props} onDone={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Fields(props: { site: string; pool: Schemas['Pool']; onDone: () => void }) {
  const { site, pool } = props;
  const queryClient = useQueryClient();
  const [settings, setSettings] = useState<Settings>(pool.settings);
  const change = changedSettings(pool.settings, settings);
  const hasFault = poolFields.some(({ name }) => settingFault(name, settings, pool.limits));
  const save = useMutation({
    mutationFn: () => {
      const path = { site, pool: pool.name };
      return unwrap(
        hub.PATCH('/api/v1/sites/{site}/pools/{pool}', { params: { path }, body: change }),
      );
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queries.sites().queryKey });
      props.onDone();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="ip-stack" style={{ gap: 10 }}>
      <Checkbox
        label="Paused: no pilots are started"
        description={pool.limits.paused ? 'The site itself has paused it.' : null}
        disabled={pool.limits.paused}
        checked={settings.paused}
        onChange={(event) => setSettings({ ...settings, paused: event.currentTarget.checked })}
      />
      {poolFields.map((field) => (
        <Field
          key={field.name}
          field={field}
          settings={settings}
          limits={pool.limits}
          onChange={(value) => setSettings({ ...settings, [field.name]: value })}
        />
      ))}
      {save.isError && <ProblemNotice error={save.error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onDone}>
          Leave as it is
        </Button>
        <Button
          type="submit"
          disabled={hasFault || Object.keys(change).length === 0}
          loading={save.isPending}
        >
          Save pool
        </Button>
      </Group>
    </form>
  );
}

function Field(props: {
  field: (typeof poolFields)[number];
  settings: Settings;
  limits: Settings;
  onChange: (value: number) => void;
}) {
  const { field, settings, limits, onChange } = props;
  const [text, setText] = useState(formatSpan(settings[field.name]));
  const most = limits[field.name];
  const error = settingFault(field.name, settings, limits);
  const shared = {
    label: field.label,
    description: `at most ${field.isSpan ? formatSpan(most) : formatCount(most)}`,
    error,
  };
  if (field.isSpan) {
    return (
      <TextInput
        {...shared}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onChange(parseSpan(event.currentTarget.value) ?? NaN);
        }}
      />
    );
  }
  return (
    <NumberInput
      {...shared}
      min={field.least}
      max={most}
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      value={settings[field.name]}
      onChange={(value) => onChange(value === '' ? NaN : Number(value))}
    />
  );
}
