import type { CheckedFile, CheckedFinding } from '../run/checkedFile.ts';
import type { OutputFormat } from './outputFormat.ts';
import { lineOf, messageWithCell } from './outputFormat.ts';
import { escapeXml } from './xml.ts';

/** A test suite for each file with findings, a failed test for each finding. */
export const junit: OutputFormat = ({ files }) => {
  const suites = files.filter(({ findings }) => findings.length > 0);
  const count = suites.reduce((sum, { findings }) => sum + findings.length, 0);
  // Tools call a report without any test broken.
  const body =
    count === 0
      ? [
          '  <testsuite name="smelt" tests="1" skipped="0" failures="0" errors="0" package="smelt">',
          '    <testcase name="No findings" classname="smelt"/>',
          '  </testsuite>',
        ]
      : suites.flatMap(suite);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="smelt" tests="${Math.max(1, count)}" skipped="0" failures="${count}" errors="0">`,
    ...body,
    '</testsuites>',
    '',
  ].join('\n');
};

const suite = ({ path, findings }: CheckedFile): string[] => [
  `  <testsuite name="${escapeXml(path)}" tests="${findings.length}" skipped="0" failures="${findings.length}" errors="0" package="smelt">`,
  ...findings.flatMap((finding) => testCase(path, finding)),
  '  </testsuite>',
];

function testCase(path: string, finding: CheckedFinding): string[] {
  const { row, column } = lineOf(finding);
  const message = escapeXml(messageWithCell(finding));
  const classname = escapeXml(path.replace(/\.[^./\\]*$/, ''));
  return [
    `    <testcase name="smelt.${finding.code}" classname="${classname}" line="${row}" column="${column}">`,
    '      <properties>',
    `        <property name="severity" value="${finding.severity}"/>`,
    '      </properties>',
    `      <failure message="${message}">line ${row}, col ${column}, ${message}</failure>`,
    '    </testcase>',
  ];
}
