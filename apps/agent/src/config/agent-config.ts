import { z } from 'zod';
import { nameSchema } from '@interpulse/domain/location.ts';
import { computeConfigSchema } from './compute-config.ts';
import { watchSchema } from './watch-config.ts';

/** A simulated XPCS detector; what is left out has the detector's own defaults. */
const simulateSchema = z.strictObject({
  periodSeconds: z.number().min(0.1),
  seed: z.number().int().optional(),
  rows: z.number().int().optional(),
  columns: z.number().int().optional(),
  frames: z.number().int().optional(),
  gammaPerFrame: z.number().optional(),
  driftFactor: z.number().optional(),
  driftPeriodShots: z.number().optional(),
  framePeriodSeconds: z.number().optional(),
  peakCounts: z.number().optional(),
  speckleSizePixels: z.number().optional(),
});

const shotNumberSchema = z.union([
  /** A regular expression for the path; its first group is the number. */
  z.strictObject({ pattern: z.string().min(1).max(1000) }),
  /** The dataset that holds the number; reading it delays the word by some milliseconds. */
  z.strictObject({ dataset: z.string().startsWith('/') }),
]);

/**
 * A file of JSON lines to which a control system's script appends what happens to runs, such as
 * `{"kind": "runStarted", "run": 7, "parameters": {"energy": 12.4}}`.
 */
const runEventsSchema = z.strictObject({ file: z.string().startsWith('/') });

/** An instrument whose files appear in a collection of this agent. */
export const instrumentConfigSchema = z.strictObject({
  name: nameSchema,
  title: z.string().default(''),
  collection: nameSchema,
  /** Whose it is: members may tell of its runs, and see their parameters and results. */
  project: nameSchema.default('facility'),
  /** The folder for answers, `collection:/path`. */
  returnTo: z.string(),
  periodSeconds: z.number().positive().nullable().default(null),
  watch: watchSchema.prefault({}),
  /** Where the control system's words of runs come from; null where it speaks to the hub. */
  runEvents: runEventsSchema.nullable().default(null),
  shotNumber: shotNumberSchema.default({ pattern: '(\\d+)[^\\d/.]*(?:\\.[^/.]*)?$' }),
  simulate: simulateSchema.optional(),
});

/** See {@link instrumentConfigSchema}. */
export type InstrumentConfig = z.infer<typeof instrumentConfigSchema>;

const channelSchema = z.strictObject({
  host: z.string().default('0.0.0.0'),
  /** 0 for any free one. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** Under which name others reach it; default: the host, or this machine's name. */
  advertise: z.string().optional(),
  /** Encrypted with a certificate of its own, known to the peers by its fingerprint. */
  tls: z.boolean().default(true),
});

/** The configuration of an agent; unknown keys are refused. */
export const agentConfigSchema = z
  .strictObject({
    hub: z.url({ protocol: /^https?$/ }),
    /** State folder: identity, sockets, pilots, journals. */
    folder: z.string().min(1),
    /** The name under which it enrolled; only checked. */
    site: nameSchema.optional(),
    compute: computeConfigSchema.nullable().default(null),
    collections: z
      .array(
        z.strictObject({
          name: nameSchema,
          root: z.string().min(1),
          title: z.string().default(''),
          writable: z.boolean().default(true),
          /** Only this project reads and writes there through the hub; else everybody. */
          project: nameSchema.optional(),
        }),
      )
      .default([]),
    channel: channelSchema.nullable().default(null),
    instruments: z.array(instrumentConfigSchema).default([]),
    /** Whether pilots end with the agent; otherwise they go on and the next agent finds them. */
    endPilots: z.boolean().default(false),
    logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .superRefine((config, context) => {
    const names = new Set(config.collections.map(({ name }) => name));
    const need = (name: string, path: PropertyKey[]): void => {
      if (names.has(name)) return;
      context.addIssue({ code: 'custom', path, message: `there is no collection "${name}"` });
    };
    if (names.size < config.collections.length) {
      const message = 'two collections have one name';
      context.addIssue({ code: 'custom', path: ['collections'], message });
    }
    if (config.compute) need(config.compute.scratchCollection, ['compute', 'scratchCollection']);
    config.instruments.forEach(({ collection }, index) => {
      need(collection, ['instruments', index, 'collection']);
    });
  });

/** See {@link agentConfigSchema}. */
export type AgentConfig = z.infer<typeof agentConfigSchema>;

/** The configuration as people write it. */
export type AgentConfigInput = z.input<typeof agentConfigSchema>;
