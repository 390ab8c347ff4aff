import { serveJobs } from './cli/run/serveJobs.ts';

// A thread of `smelt check`.
serveJobs();
