export * from './fans.js';
export * from './distributions.js';
export * from './gain.js';
export * from './named.js';
export { standardTruncatedMoments, TRUNCATED_STD } from './truncated.js';
