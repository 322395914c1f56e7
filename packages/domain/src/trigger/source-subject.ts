import type { TriggerSource } from './trigger-source.ts';

/**
 * By what the triggers that may hear of an event are found: what they listen to, so that an event
 * looks at those of its instrument, project or flow only.
 */
export function sourceSubject(source: TriggerSource, name: string, project: string): string {
  switch (source.kind) {
    case 'file':
    case 'run':
    case 'parameter':
      return subjectKey(source.kind, source.instrument);
    case 'dataset':
      return subjectKey(source.kind, source.project ?? project);
    case 'flow':
      return subjectKey(source.kind, `${source.project ?? project} ${source.flowName}`);
    case 'schedule':
    case 'webhook':
      return subjectKey(source.kind, name);
  }
}

/** Kind and subject of an event in one text. */
export function subjectKey(kind: TriggerSource['kind'], subject: string): string {
  return `${kind} ${subject}`;
}
