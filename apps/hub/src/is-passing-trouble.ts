/** Whether an HTTP status says that the same request may go well later: 408, 425, 429 and 5xx. */
export function isPassingTrouble(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}
