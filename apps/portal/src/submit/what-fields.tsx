import { NativeSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import { ParameterField } from './parameter-field.tsx';
import { schemaFields } from './schema-fields.ts';
import type { FormPart } from './submit-form.tsx';
import classes from './submit-form.module.css';

/** What shall run: an app with its inputs and parameters, or a plain command. */
export function WhatFields(props: FormPart & { apps: Schemas['RegisteredApp'][] }) {
  const { draft, onChange, faultOf } = props;
  return (
    <section className="ip-panel">
      <h2>What runs</h2>
      <div className={classes.fields}>
        <SegmentedControl
          className={classes.whole}
          aria-label="What runs"
          value={draft.kind}
          data={[
            { value: 'app', label: 'An app' },
            { value: 'command', label: 'A plain command' },
          ]}
          onChange={(kind) => onChange({ kind })}
        />
        {draft.kind === 'app' ? <AppFields {...props} /> : <CommandFields {...props} />}
        <TextInput
          className={classes.whole}
          label="Label"
          description="What it is called in lists"
          value={draft.label}
          error={faultOf('label')}
          onChange={(event) => onChange({ label: event.currentTarget.value })}
        />
      </div>
    </section>
  );
}

function CommandFields(props: FormPart) {
  const { draft, onChange, faultOf } = props;
  return (
    <Textarea
      className={classes.whole}
      label="Command"
      description="Program and arguments, read by no shell. Only sites that allow commands take it."
      required
      autosize
      minRows={2}
      value={draft.command}
      error={faultOf('command')}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      onChange={(event) => onChange({ command: event.currentTarget.value })}
    />
  );
}

function AppFields(props: FormPart & { apps: Schemas['RegisteredApp'][] }) {
  const { draft, app, onChange, faultOf } = props;
  const names = props.apps.map(({ name, title }) => ({
    value: name,
    label: title === '' ? name : `${name}: ${title}`,
  }));
  return (
    <>
      <NativeSelect
        className={classes.whole}
        label="App"
        required
        value={draft.app}
        error={faultOf('app')}
        data={[{ value: '', label: 'Choose an app' }, ...names]}
        onChange={(event) => onChange({ app: event.currentTarget.value, parameters: {} })}
      />
      {app && app.description !== '' && (
        <p className={`ip-dim ${classes.whole}`} style={{ margin: 0 }}>
          {app.description}{' '}
          <Link to="/apps/$app" params={{ app: app.name }}>
            More
          </Link>
        </p>
      )}
      {(app?.inputs.length ?? 0) > 0 && <h3>Inputs</h3>}
      {app?.inputs.map((input) => (
        <TextInput
          className={classes.whole}
          key={input.name}
          label={input.name}
          description={input.description || null}
          placeholder="collection:/path"
          required={input.required}
          value={draft.inputs[input.name] ?? ''}
          error={faultOf(`inputs.${input.name}`)}
          onChange={(event) =>
            onChange({ inputs: { ...draft.inputs, [input.name]: event.currentTarget.value } })
          }
        />
      ))}
      {app && <Parameters {...props} />}
    </>
  );
}

function Parameters(props: FormPart) {
  const { draft, app, onChange, faultOf } = props;
  const fields = schemaFields(app?.parameters);
  const mayHaveOthers = app?.parameters['additionalProperties'] !== false;
  return (
    <>
      {fields.length > 0 && <h3>Parameters</h3>}
      {fields.map((field) => (
        <ParameterField
          key={field.name}
          field={field}
          input={draft.parameters[field.name]}
          error={faultOf(`parameters.${field.name}`)}
          onChange={(input) =>
            onChange({ parameters: { ...draft.parameters, [field.name]: input } })
          }
        />
      ))}
      {(mayHaveOthers || draft.otherParameters !== '') && (
        <Textarea
          className={classes.whole}
          label={fields.length > 0 ? 'Further parameters, as a JSON object' : 'Parameters, as JSON'}
          autosize
          minRows={1}
          placeholder="{}"
          value={draft.otherParameters}
          error={faultOf('otherParameters')}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onChange={(event) => onChange({ otherParameters: event.currentTarget.value })}
        />
      )}
    </>
  );
}
