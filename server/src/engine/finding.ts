export * from '../rules/finding.ts';
