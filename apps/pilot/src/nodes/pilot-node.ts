/** One node of a pilot, or the part of it that is ours. */
export interface PilotNode {
  host: string;
  cores: number;
  /** As programs know them: what goes into `CUDA_VISIBLE_DEVICES` and its kin. */
  gpuIds: readonly string[];
  /** 0 when nobody knows. */
  memoryBytes: number;
}
