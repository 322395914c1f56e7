import type { Instrument } from '../instrument/instrument.ts';
import type { JsonObject } from '../json.ts';
import type { Instant } from '../time.ts';
import type { TriggerSource } from './trigger-source.ts';

/** Something that happened and that triggers may listen to. */
export interface TriggerEvent {
  kind: TriggerSource['kind'];
  /** Finds the triggers that may match: an instrument, a project, a flow, a trigger. */
  subject: string;
  at: Instant;
  /** What makes it another event than others of its kind and subject. */
  key: string;
  /** In a few words, for people. */
  summary: string;
  /** What expressions and paths of triggers read. */
  document: JsonObject;
  /** What goes under `input` when a trigger maps nothing. */
  basics: JsonObject;
  /** What goes there too as far as the flow's input schema lets it in. */
  offered?: JsonObject;
  /** The label of a flow run when the trigger has none. */
  label: string;
  instrument: Pick<Instrument, 'name' | 'periodSeconds' | 'nextShotAt' | 'lastShotNumber'> | null;
  shotNumber: number | null;
  datasetId: string | null;
  /** The triggers that lead up to it, by `chainStep`; 0 for what came from outside. */
  depth: number;
}
