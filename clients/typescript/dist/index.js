export * from './aws-resources.js';
export { TrackerError, UnreachableError } from './errors.js';
export { Pages } from './pages.js';
export { Tracker } from './tracker.js';
export * from './types.js';
export { watchScan } from './watch.js';
