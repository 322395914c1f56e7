import type { TestHub } from './start-test-hub.ts';

const definition = {
  StartAt: 'Ask',
  States: {
    Ask: {
      Type: 'CreateWebInput',
      Parameters: { InputType: 'Selection', Options: [{ Value: 'go' }, { Value: 'stop' }] },
      ResultPath: '$.ask',
      Next: 'Answer',
    },
    Answer: {
      Type: 'AwaitWebInput',
      Parameters: { 'web_input_id.$': '$.ask.web_input_id' },
      ResultPath: '$.answer',
      End: true,
    },
  },
};

/** Starts a flow run that asks the members of `demo` to go or stop: the question's id. */
export async function askQuestion(hub: TestHub, token?: string): Promise<string> {
  await hub.send('PUT', '/flows/ask', { definition, project: 'demo' });
  const { body } = await hub.send('POST', '/flow-runs', { flow: 'ask' }, token);
  const found = await hub.send('GET', `/web-inputs?filter=all&flowRun=${String(body['id'])}`);
  return (found.body['items'] as { id: string }[])[0]?.id ?? '';
}
