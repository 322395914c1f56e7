/** Timers of flow runs are looked at this often, in seconds; those due earlier are told of. */
export const flowTimerRoundSeconds = 15;
