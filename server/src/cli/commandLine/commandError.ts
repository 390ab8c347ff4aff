/** Something that the user can mend; its message is one sentence for them. Exit code 2. */
export class CommandError extends Error {}
