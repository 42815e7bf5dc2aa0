export * from './values.js';
export * from './runtime.js';
export * from './journal.js';
export * from './native.js';
