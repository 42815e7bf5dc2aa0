export * from './source.js';
export * from './distribution.js';
export * from './graph.js';
export * from './model.js';
export * from './report.js';
export * from './simulation.js';
export * from './whatif.js';
export * from './fix.js';
