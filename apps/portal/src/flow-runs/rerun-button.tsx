import { useState } from 'react';
import { Button, Group, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { unwrap, type Schemas } from '@interpulse/api/client/create-client.ts';
import { validateInput } from '@interpulse/domain/flow/validate-input.ts';
import { isJsonObject, type JsonObject } from '@interpulse/domain/json.ts';
import { hub } from '../api/hub.ts';
import { queries } from '../api/queries.ts';
import { JsonView } from '../parts/json-view.tsx';
import { InputEditor } from '../schema-form/input-editor.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Dialog } from '../parts/dialog.tsx';

interface RerunProps {
  flowRun: Schemas['FlowRun'];
  /** States of the flow itself that the run entered, in order. */
  entered: string[];
  input: unknown;
}

/** Does a flow run again: as a whole with an edited input, or from a state on. */
export function RerunButton(props: RerunProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Run again…
      </Button>
      {isOpen && <RerunDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function RerunDialog(props: RerunProps & { onClose: () => void }) {
  const { flowRun, entered, onClose } = props;
  const hasFailed = flowRun.status === 'FAILED';
  const before = isJsonObject(props.input) ? props.input : {};
  const [from, setFrom] = useState(hasFailed ? 'failed' : 'start');
  const [isNewest, setNewest] = useState(false);
  const [label, setLabel] = useState(flowRun.label);
  const [input, setInput] = useState<JsonObject>(before);
  const [document, setDocument] = useState<JsonObject>({});
  const [isBroken, setBroken] = useState(false);
  const navigate = useNavigate();
  const isWhole = from === 'start';
  const flow = useQuery(queries.flow(flowRun.flowName, isNewest ? undefined : flowRun.flowVersion));
  const schema = (flow.data?.inputSchema ?? {}) as JsonObject;
  const faults = isWhole ? validateInput(schema, input) : [];
  const rerun = useMutation({
    mutationFn: () =>
      unwrap(
        hub.POST('/api/v1/flow-runs/{flowRunId}/rerun', {
          params: {
            path: { flowRunId: flowRun.id },
            header: { 'Idempotency-Key': crypto.randomUUID() },
          },
          body: {
            from,
            version: isNewest ? 'newest' : 'same',
            mergeInput: false,
            label,
            ...(isWhole ? { input } : {}),
            ...(!isWhole && Object.keys(document).length > 0 ? { document } : {}),
          },
        }),
      ),
    onSuccess: async ({ id }) => {
      onClose();
      await navigate({ to: '/flow-runs/$flowRunId', params: { flowRunId: id } });
    },
  });
  return (
    <Dialog onClose={onClose} title="Run again" size="xl">
      <div className="ip-stack">
        <NativeSelect
          label="From"
          description="States before it keep what they gave; nothing of them is done again"
          value={from}
          data={[
            ...(hasFailed ? [{ value: 'failed', label: 'where it failed' }] : []),
            { value: 'start', label: 'its start' },
            ...entered.map((state) => ({ value: state, label: state })),
          ]}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <TextInput
          label="Label"
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <Switch
          label={`With the newest version of the flow instead of ${flowRun.flowVersion}`}
          checked={isNewest}
          onChange={(event) => setNewest(event.currentTarget.checked)}
        />
        {flow.data && (
          <InputEditor
            key={isWhole ? 'input' : 'document'}
            label={isWhole ? 'Input' : 'Changes of its state'}
            schema={isWhole ? schema : {}}
            value={isWhole ? input : document}
            onChange={isWhole ? setInput : setDocument}
            faults={faults}
            showsMissing
            onBroken={setBroken}
          />
        )}
        {!isWhole && (
          <p className="ip-dim" style={{ margin: 0 }}>
            It is laid over the state of the flow run as it was when it came there:{' '}
            <code>{'{"input": {"site": "beta"}}'}</code> changes only the site.
          </p>
        )}
        {!isWhole && <JsonView title="What the flow run was given" value={props.input} />}
        {flow.isError && <ProblemNotice error={flow.error} />}
        {rerun.isError && <ProblemNotice error={rerun.error} />}
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          Leave it
        </Button>
        <Button
          disabled={isBroken || faults.length > 0}
          loading={rerun.isPending}
          onClick={() => rerun.mutate()}
        >
          Run again
        </Button>
      </Group>
    </Dialog>
  );
}
