/**
 * Lets messages of other threads and an interrupt in. Without it memory would only grow, too: what is held
 * weakly stays as long as a turn of the event loop does.
 */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
