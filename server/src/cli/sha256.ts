/** As hexadecimal digits. Loading node:crypto takes as long as checking some files, and most runs hash nothing. */
export function sha256(...parts: readonly string[]): string {
  const sum = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
}
