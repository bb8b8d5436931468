// Which test files may be run a second time, and what a second run means. Tests over real sockets, processes and
// browsers can lose a race on a busy machine; what fails twice, the second time alone, is a defect.

/** At most so many files: when more have failed, the machine is not the cause. */
const FEW = 3;

/** What is said of each failed test, beginning with its name. @param {string} tap */
const failures = (tap) =>
  tap
    .split(/^\s*not ok \d+ - /m)
    .slice(1)
    .map((block) => block.split(/^\s*\.\.\.$/m)[0] ?? "");

/**
 * The files whose tests have failed, or undefined if a second run says nothing: too many, or a failure that belongs to
 * no single file, as in a set of tests that several share.
 * @param {string} tap Output of Node's test runner. @param {readonly string[]} files @returns {string[] | undefined}
 */
export const filesToRepeat = (tap, files) => {
  const failed = new Set(failures(tap).map((failure) => /^\s*location: '(.*?):\d+:\d+'/m.exec(failure)?.[1] ?? ""));
  if (failed.size === 0 || failed.size > FEW) return undefined;
  return [...failed].every((file) => files.includes(file)) ? [...failed] : undefined;
};

/** The names of failed tests, of a group those of its members only. @param {string} tap */
export const failedTests = (tap) =>
  failures(tap)
    .filter((failure) => !/^\s*failureType: 'subtestsFailed'/m.test(failure))
    .map((failure) => failure.split("\n", 1)[0] ?? "");
