export * from './aws-resources.js';
export { type FieldError, TrackerError, UnreachableError } from './errors.js';
export type { FollowOptions } from './follow.js';
export type { CallOptions, TrackerOptions } from './http.js';
export type { FindingQuery, ResourceQuery, WaitOptions } from './jobs.js';
export { Pages } from './pages.js';
export { Tracker } from './tracker.js';
export * from './types.js';
export { type RegionProgress, type ScanProgress, watchScan, type WatchOptions } from './watch.js';
