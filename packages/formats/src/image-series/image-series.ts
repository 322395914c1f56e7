/** How the frames of a series lie on disk. */
export type ImageSeriesLayout = 'nexus' | 'dxchange' | 'hdf5' | 'images';

/** What a file says about itself; a key is absent when the file does not say it. */
export interface ImageSeriesMetadata {
  title?: string;
  /** ISO 8601. */
  startedAt?: string;
  /** The number the instrument gave the shot, run or scan. */
  shotNumber?: number;
  exposureSeconds?: number;
  /** From the start of one frame to the start of the next. */
  framePeriodSeconds?: number;
  pixelSizeMetres?: number;
  detectorDistanceMetres?: number;
  photonEnergyElectronvolts?: number;
  /** Where the direct beam meets the detector, in pixels from the centre of the first one. */
  beamCenterColumn?: number;
  beamCenterRow?: number;
  /** Tomography: one angle for each frame, in degrees. */
  anglesDegrees?: Float64Array;
}

/** A stack of frames of one shape, read in parts. Every value is given as float32. */
export interface ImageSeries {
  readonly layout: ImageSeriesLayout;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  /** As stored, such as `uint16`. */
  readonly dtype: string;
  readonly metadata: ImageSeriesMetadata;
  /**
   * float32[count, rows, columns], row-major; a new array that the caller may keep and transfer.
   *
   * @throws DomainError `invalid` when the range leaves the series or a frame cannot be read.
   */
  readFrames(first: number, count: number): Float32Array<ArrayBuffer>;
  /** Frees the file; reading afterwards is an error. */
  close(): void;
}
