import type { Comment } from '../tree.ts';
import { cudaIndex, cudaPin } from './cudaPackages.ts';
import type { ProgramSetting, SettingsText } from './setting.ts';

/** pip's requirements files. A requirement with a marker is meant for some machines only. */
export function readRequirements(text: string): SettingsText {
  const settings: ProgramSetting[] = [];
  const comments: Comment[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const from = start;
    start += line.length + 1;
    const comment = /(?:^|[ \t])(#.*?)\r?$/.exec(line);
    if (comment !== null) {
      const at = from + comment.index + comment[0].indexOf('#');
      comments.push({
        start: at,
        end: at + (comment[1] as string).length,
        text: comment[1] as string,
      });
    }
    const code = (comment === null ? line : line.slice(0, comment.index)).trim();
    const at = from + line.indexOf(code);
    const span = { start: at, end: at + code.length };
    if (/^(?:-i|--index-url)(?:[ \t]+|=)/.test(code) && cudaIndex.test(code))
      settings.push({ kind: 'cudaPackage', how: 'index', ...span });
    else if (cudaPin.test(code) && !code.includes(';'))
      settings.push({ kind: 'cudaPackage', how: 'pin', ...span });
  }
  return { settings, comments };
}
