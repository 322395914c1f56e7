/** What an agent can put into every command, besides parameters and inputs. */
export const givenNames: readonly string[] = [
  'cores',
  'gpus',
  'nodes',
  'ranks',
  'memoryBytes',
  'job',
];
