/** Opacity of the four steps: the text before them stays readable. */
const alpha = ['14', '26', '40', '59'] as const;

/** Theme colours of the line after a cell; high contrast keeps to colours that those themes define. */
export const colors = [
  {
    id: 'smelt.inline.foreground',
    description: 'The line after a cell: device, time and result, or that it waits or runs.',
    defaults: {
      dark: 'editorCodeLens.foreground',
      // The theme's grey is too faint on white for what is to be read.
      light: '#6a6a6a',
      highContrast: 'editor.foreground',
      highContrastLight: 'editor.foreground',
    },
  },
  {
    id: 'smelt.inline.warning',
    description: 'The line after a cell that ran, but not as it could.',
    defaults: {
      dark: 'list.warningForeground',
      light: 'list.warningForeground',
      highContrast: 'editorWarning.foreground',
      highContrastLight: 'editorWarning.foreground',
    },
  },
  {
    id: 'smelt.inline.error',
    description: 'The line after a cell that failed.',
    defaults: {
      dark: 'list.errorForeground',
      light: 'list.errorForeground',
      highContrast: 'errorForeground',
      highContrastLight: 'errorForeground',
    },
  },
  {
    id: 'smelt.inline.stale',
    description: 'The line after a cell whose text has changed since it ran.',
    defaults: {
      dark: 'disabledForeground',
      // The theme's is fainter than what is dimmed may be and still be read.
      light: '#919191',
      highContrast: 'disabledForeground',
      highContrastLight: 'disabledForeground',
    },
  },
  ...([1, 2, 3, 4] as const).map((heat) => ({
    id: `smelt.profile.heat${heat}`,
    description: `Behind a line of a profiled cell: step ${heat} of 4, by its share of the time.`,
    defaults: {
      dark: `#d97706${alpha[heat - 1]}`,
      light: `#f59e0b${alpha[heat - 1]}`,
      highContrast: `#d97706${alpha[heat - 1]}`,
      highContrastLight: `#f59e0b${alpha[heat - 1]}`,
    },
  })),
] as const;
