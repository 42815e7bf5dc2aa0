import './activation.js';
import './hover.js';
import './sites.js';
import './findings.js';
import './setSizes.js';
import './notebook.js';
