import type { SuiteConfig } from '../window/config.ts';

export const config = JSON.parse(process.env.SMELT_E2E ?? '{}') as SuiteConfig;
