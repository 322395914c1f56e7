import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { registeredAppSchema } from '@interpulse/api/routes/sites.ts';
import { appCodeAt, describeAppCode } from '@interpulse/domain/app/app-code.ts';
import { appSchema, type AppInput } from '@interpulse/domain/app/app.ts';

type RegisteredApp = z.output<typeof registeredAppSchema>;

const written: AppInput[] = [
  {
    name: 'xpcs-correlate',
    title: 'XPCS correlation',
    version: '2.4.1',
    description: 'Multi-tau g2 per ring of momentum transfer, with fits.',
    command: ['interpulse-xpcs', '{frames}', '--out', 'result.h5', ['--bin', '{bin}']],
    environment: { OMP_PROC_BIND: 'close' },
    variants: { gamma: { preamble: ['module load hdf5/1.14', 'module load python'] } },
    parameters: {
      type: 'object',
      additionalProperties: false,
      required: ['bin'],
      properties: {
        bin: { type: 'integer', minimum: 1, maximum: 64, description: 'Pixels put together' },
        rings: { type: 'integer', minimum: 1, default: 4, description: 'Rings around the beam' },
        window: {
          enum: ['none', 'hann', 'blackman'],
          default: 'none',
          description: 'Weights of the frames',
        },
        center: { type: ['string', 'number'], description: 'auto, or the column in pixels' },
        energy: { type: 'number', title: 'Photon energy', description: 'In electronvolts' },
        keepFrames: { type: 'boolean', description: 'Write the corrected frames too' },
      },
    },
    inputs: [
      { name: 'frames', description: 'HDF5 file of the detector' },
      { name: 'mask', required: false, description: 'Pixels to leave out' },
    ],
    outputs: [
      { name: 'result', path: 'result.h5' },
      { name: 'frames', path: 'corrected/*.h5', required: false },
    ],
    resources: { cores: 16, walltimeSeconds: 600 },
    onError: { retries: 2, delaySeconds: 10, exitCodes: [75] },
    onTimeout: { retries: 1, resources: { walltimeSeconds: 3600 } },
  },
  {
    name: 'tomo-reconstruct',
    title: 'Tomographic reconstruction',
    version: '1.9',
    description: 'Filtered back projection and iterative methods, slice by slice.',
    command: ['interpulse-tomo', '{projections}'],
    preamble: ['module load cuda/12'],
    inputs: [{ name: 'projections' }],
    outputs: [{ name: 'slices', path: 'slices' }],
    resources: { cores: 64, memoryBytes: 64e9, walltimeSeconds: 3600 },
    restartable: true,
    mayUseHub: true,
  },
];

/** The apps that the pretend jobs run. */
export function makeApps(updatedAt: string): RegisteredApp[] {
  return written.map((input) => {
    const app = appSchema.parse(input);
    const digestAt = (site: string) => {
      const text = describeAppCode(appCodeAt(app, site));
      return `sha256:${createHash('sha256').update(text).digest('hex')}`;
    };
    const sites = ['*', ...Object.keys(app.variants)];
    const digests = Object.fromEntries(sites.map((site) => [site, digestAt(site)]));
    return { ...app, revision: 3, updatedAt, digests };
  });
}
