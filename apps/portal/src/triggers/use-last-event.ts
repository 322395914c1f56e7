import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { Schemas } from '@interpulse/api/client/create-client.ts';
import type { JsonObject } from '@interpulse/domain/json.ts';
import { exampleEvent } from '@interpulse/domain/trigger/example-event.ts';
import {
  triggerSourceSchema,
  type TriggerSource,
} from '@interpulse/domain/trigger/trigger-source.ts';
import { triggerQueries } from '../api/trigger-queries.ts';

const pauseMilliseconds = 500;

/** An event of a source to show and to try rules on. */
export interface ShownEvent {
  /** What it is, to go on with: `the last event`, `the example`. */
  word: string;
  title: string;
  document: JsonObject;
}

/** The last event that a source told, once typing pauses; a made up one while there is none. */
export function useLastEvent(about: {
  name: string;
  project: string;
  source: TriggerSource;
}): ShownEvent {
  const [{ name, project, source }] = useDebouncedValue(about, pauseMilliseconds);
  const read = triggerSourceSchema.safeParse(source);
  const { data } = useQuery({
    ...triggerQueries.lastEvent({
      source: source as NonNullable<Schemas['LastTriggerEventBody']['source']>,
      ...(name === '' ? {} : { name }),
      ...(project === '' ? {} : { project }),
    }),
    enabled: read.success,
  });
  const isCurrent = JSON.stringify(source) === JSON.stringify(about.source);
  if (!isCurrent || data?.origin !== 'seen') {
    const document = exampleEvent(about.source);
    return { word: 'the example', title: 'An event, for example', document };
  }
  const title = `The last event: ${data.summary}`;
  return { word: 'the last event', title, document: data.event as JsonObject };
}
