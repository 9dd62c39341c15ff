/** hasEnded says whether a job changes no more. */
export const hasEnded = (state) => state === 'succeeded' || state === 'partial' || state === 'failed' || state === 'cancelled';
/** isMoving says whether a plan goes on by itself. One that does not waits for a person, or has ended. */
export const isMoving = (state) => state === 'planning' || state === 'scheduled' || state === 'applying';
