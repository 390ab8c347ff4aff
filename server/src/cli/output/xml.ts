const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** Text for XML 1.0, which has no control characters. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll(/[&<>"'\n]/g, (character) => entities[character] as string)
    .replaceAll(/[\x00-\x08\x0b-\x1f\ufffe\uffff]/g, '\ufffd');
