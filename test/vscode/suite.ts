import './activation.js';
import './hover.js';
