/** Every size, count and wait of the mover, with the reason beside it. */
export const moverLimits = {
  /** Unit of checksum, of repair and of resume; 1 MiB gave the best rate of those measured. */
  chunkBytes: 1024 * 1024,
  /** Chunks read ahead or waiting to be written, per connection. */
  chunksInFlight: 4,
  /** Content of small files waiting to be written, per connection. */
  smallBytesInFlight: 4 * 1024 * 1024,
  /** Up to this size a payload gets a buffer of its own instead of one from the pool. */
  smallPayloadBytes: 64 * 1024,
  /** Largest frame that is not file content. */
  controlBytes: 8 * 1024 * 1024,
  /** Files named in one frame. */
  filesPerOffer: 500,
  /** Files offered and not yet settled: bounds memory, and hides round trips. */
  filesInFlight: 10_000,
  /** Files worked on at once; what the thread pool and the disk can take. */
  filesAtOnce: 16,
  /** Larger files worked on at once, so that reads stay sequential. */
  largeFilesAtOnce: 2,
  /** Times a chunk of one file is asked for again before the file fails. */
  repairsPerFile: 16,
  /** A connector waits this long at the listener for its ticket to be announced. */
  ticketWaitSeconds: 10,
  /** Connections that have not shown a good ticket yet. */
  strangersPerListener: 256,
  /** One step of opening a connection, beyond the wait for the ticket. */
  handshakeSeconds: 10,
  /** The announced connector has this long to arrive. */
  arrivalSeconds: 60,
  /** A connection says it is alive this often. */
  pingSeconds: 10,
  /** After this silence the connection is given up. */
  silenceSeconds: 60,
  /** The last word of the other side is waited for this long. */
  farewellSeconds: 5,
  /** Progress is handed out at most this often. */
  progressSeconds: 0.25,
} as const;
