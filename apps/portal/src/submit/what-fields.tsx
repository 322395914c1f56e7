import { NativeSelect, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { Fault } from '@interpulse/domain/error.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { InputEditor } from '../schema-form/input-editor.tsx';
import { SchemaForm } from '../schema-form/schema-form.tsx';
import { inputsSchema } from './inputs-schema.ts';
import type { FormPart } from './submit-form.tsx';
import classes from './submit-form.module.css';

type GivenPart = FormPart & {
  parameterFaults: Fault[];
  inputFaults: Fault[];
  showsMissing: boolean;
  onBroken: (isBroken: boolean) => void;
};

/** What shall run: an app with its inputs and parameters, or a plain command. */
export function WhatFields(props: GivenPart & { apps: Schemas['RegisteredApp'][] }) {
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

function AppFields(props: GivenPart & { apps: Schemas['RegisteredApp'][] }) {
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
        onChange={(event) =>
          onChange({ app: event.currentTarget.value, parameters: {}, inputs: {} })
        }
      />
      {app && app.description !== '' && (
        <p className={`ip-dim ${classes.whole}`} style={{ margin: 0 }}>
          {app.description}{' '}
          <Link to="/apps/$app" params={{ app: app.name }}>
            More
          </Link>
        </p>
      )}
      {app && <Given key={app.name} {...props} app={app} />}
    </>
  );
}

/** The files and parameters of an app, by forms made from their schemas. */
function Given(props: GivenPart & { app: Schemas['RegisteredApp'] }) {
  const { app, draft, onChange, parameterFaults, inputFaults, showsMissing } = props;
  const schema = app.parameters as JsonObject;
  const takesNone = schema['additionalProperties'] === false && !isJsonObject(schema['properties']);
  return (
    <>
      {app.inputs.length > 0 && (
        <div className={classes.whole}>
          <h3>Inputs</h3>
          <SchemaForm
            schema={inputsSchema(app.inputs)}
            value={draft.inputs}
            faults={inputFaults}
            showsMissing={showsMissing}
            onChange={(inputs) => onChange({ inputs: inputs as Record<string, string> })}
          />
        </div>
      )}
      {!takesNone && (
        <div className={classes.whole}>
          {isJsonObject(schema['properties']) && <h3>Parameters</h3>}
          <InputEditor
            label="Parameters, as JSON"
            schema={schema}
            value={draft.parameters}
            faults={parameterFaults}
            showsMissing={showsMissing}
            onChange={(parameters) => onChange({ parameters })}
            onBroken={props.onBroken}
          />
        </div>
      )}
    </>
  );
}
