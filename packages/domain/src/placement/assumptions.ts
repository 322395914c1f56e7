/** Until something was observed: seconds of a run, bytes per second of a link, bytes of outputs. */
export const assumptions = { runSeconds: 10, bytesPerSecond: 50e6, outputBytes: 1e6 } as const;
