/** The published page of a rule. */
export const ruleUrl = (name: string): string =>
  `https://github.com/smelt-dev/smelt/blob/main/server/docs/rules/${name}.md`;
