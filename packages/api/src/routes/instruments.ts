import { z } from 'zod';
import {
  instrumentRunSchema,
  instrumentSchema,
  shotSchema,
} from '@interpulse/domain/instrument/instrument.ts';
import { runEventSchema } from '@interpulse/domain/instrument/run-event.ts';
import { instrumentTimingSchema } from '@interpulse/domain/instrument/shot-timing.ts';
import { resultReportsSchema, runResultSchema } from '@interpulse/domain/instrument/run-result.ts';
import { jsonObjectSchema } from '@interpulse/domain/json.ts';
import { limits } from '@interpulse/domain/limits.ts';
import { nameSchema } from '@interpulse/domain/location.ts';
import { instantSchema } from '@interpulse/domain/time.ts';
import { pageOf, pageQuery, type RouteContracts } from './contract.ts';

const ofRun = z.strictObject({
  instrument: nameSchema,
  /** The number of the run or shot. */
  run: z.coerce.number().int().min(0),
});

/** Instruments, what is said of their runs, and the run table. */
export const instrumentRoutes = {
  listInstruments: {
    method: 'GET',
    path: '/instruments',
    tag: 'instruments',
    summary: 'Instruments and their clocks',
    auth: 'token',
    query: z.strictObject(pageQuery),
    response: pageOf(instrumentSchema),
  },
  getInstrument: {
    method: 'GET',
    path: '/instruments/:instrument',
    tag: 'instruments',
    summary: 'One instrument',
    auth: 'token',
    params: z.strictObject({ instrument: nameSchema }),
    response: instrumentSchema,
  },
  listShots: {
    method: 'GET',
    path: '/instruments/:instrument/shots',
    tag: 'instruments',
    summary: 'Shots of an instrument, newest first, with how soon they were answered',
    auth: 'token',
    params: z.strictObject({ instrument: nameSchema }),
    query: z.strictObject(pageQuery),
    response: pageOf(shotSchema),
  },
  getInstrumentTiming: {
    method: 'GET',
    path: '/instruments/:instrument/timing',
    tag: 'instruments',
    summary: 'How the last shots stood to their deadlines, and where the time went',
    auth: 'token',
    params: z.strictObject({ instrument: nameSchema }),
    query: z.strictObject({
      shots: z.coerce.number().int().min(1).max(limits.shotsOfTiming).default(50),
    }),
    response: instrumentTimingSchema,
  },
  tellRunEvent: {
    method: 'POST',
    path: '/instruments/:instrument/events',
    tag: 'instruments',
    summary:
      'Takes the word of a control system: a run started or ended, parameters, a shot; ' +
      'the same word again changes nothing',
    auth: 'token',
    params: z.strictObject({ instrument: nameSchema }),
    body: runEventSchema.extend({
      /** Now, when it is left out. */
      at: instantSchema.optional(),
    }),
    response: z.strictObject({
      /** False when this event was known. */
      isNew: z.boolean(),
      /** All parameters of the run by now. */
      parameters: jsonObjectSchema,
    }),
  },
  listRuns: {
    method: 'GET',
    path: '/instruments/:instrument/runs',
    tag: 'instruments',
    summary: 'The run table, newest first: parameters, results and answers',
    auth: 'token',
    params: z.strictObject({ instrument: nameSchema }),
    query: z.strictObject(pageQuery),
    response: pageOf(instrumentRunSchema),
  },
  getRun: {
    method: 'GET',
    path: '/instruments/:instrument/runs/:run',
    tag: 'instruments',
    summary: 'One run of an instrument',
    auth: 'token',
    params: ofRun,
    response: instrumentRunSchema,
  },
  reportRunResults: {
    method: 'POST',
    path: '/instruments/:instrument/runs/:run/results',
    tag: 'instruments',
    summary: 'Adds results to a run, or changes them by their keys; the others stay',
    auth: 'token',
    params: ofRun,
    body: resultReportsSchema,
    response: z.strictObject({ results: z.array(runResultSchema) }),
  },
} as const satisfies RouteContracts;
