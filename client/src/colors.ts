/** Theme colours of the line after a cell; high contrast keeps to colours that those themes define. */
export const colors = [
  {
    id: 'smelt.inline.foreground',
    description: 'Device, time and result of a cell that has run.',
    defaults: {
      dark: 'editorCodeLens.foreground',
      light: 'editorCodeLens.foreground',
      highContrast: 'editor.foreground',
      highContrastLight: 'editor.foreground',
    },
  },
  {
    id: 'smelt.inline.warning',
    description: 'The line after a cell that ran, but not as it could.',
    defaults: {
      dark: 'editorWarning.foreground',
      light: 'editorWarning.foreground',
      highContrast: 'editorWarning.foreground',
      highContrastLight: 'editorWarning.foreground',
    },
  },
  {
    id: 'smelt.inline.error',
    description: 'The line after a cell that failed.',
    defaults: {
      dark: 'errorForeground',
      light: 'errorForeground',
      highContrast: 'errorForeground',
      highContrastLight: 'errorForeground',
    },
  },
  {
    id: 'smelt.inline.stale',
    description: 'The line after a cell that waits or runs, or whose text has changed since.',
    defaults: {
      dark: 'disabledForeground',
      light: 'disabledForeground',
      highContrast: 'disabledForeground',
      highContrastLight: 'disabledForeground',
    },
  },
] as const;
