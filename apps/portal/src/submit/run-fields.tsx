import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import type { JobDraft, RetryName } from './job-draft.ts';
import type { FormPart } from './submit-form.tsx';
import classes from './submit-form.module.css';

const retryWords: Record<RetryName, string> = {
  onError: 'Further attempts after an error',
  onTimeout: 'Further attempts when out of time',
};

const choices = [
  { value: '', label: 'As the app says' },
  { value: 'yes', label: 'Yes' },
  { value: 'no', label: 'No' },
];

/** How it runs: variables, what it leaves behind, what follows when it ends badly. */
export function RunFields(props: FormPart) {
  const { draft, app, onChange, faultOf } = props;
  const isApp = draft.kind === 'app';
  const choice = (name: 'restartable' | 'mayUseHub') => ({
    value: draft[name],
    data: isApp ? choices : [{ value: '', label: 'No' }, ...choices.slice(1, 2)],
    onChange: (event: React.ChangeEvent<HTMLSelectElement>) =>
      onChange({ [name]: event.currentTarget.value as JobDraft['restartable'] }),
  });
  const lines = (name: 'environment' | 'outputs') => ({
    className: classes.whole,
    autosize: true,
    minRows: 1,
    value: draft[name],
    error: faultOf(name),
    styles: { input: { fontFamily: 'var(--mantine-font-family-monospace)' } },
    onChange: (event: React.ChangeEvent<HTMLTextAreaElement>) =>
      onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <section className="ip-panel">
      <h2>How it runs</h2>
      <div className={classes.fields}>
        <Textarea label="Environment" placeholder="NAME=value" {...lines('environment')} />
        <Textarea
          label={isApp ? 'Further outputs' : 'Outputs'}
          description="One a line, from the work directory on; name?: for what may be missing"
          placeholder="plot: plots/*.png"
          {...lines('outputs')}
        />
        {(['onError', 'onTimeout'] as const).map((name) => (
          <TextInput
            key={name}
            label={retryWords[name]}
            placeholder={String((isApp ? app?.[name].retries : null) ?? 0)}
            value={draft.retries[name]}
            error={faultOf(`retries.${name}`)}
            onChange={(event) =>
              onChange({ retries: { ...draft.retries, [name]: event.currentTarget.value } })
            }
          />
        ))}
        <NativeSelect label="Goes on where it stopped" {...choice('restartable')} />
        <NativeSelect label="May submit jobs itself" {...choice('mayUseHub')} />
      </div>
    </section>
  );
}
