import { setFlagsFromString } from 'node:v8';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';

// V8's second optimizing compiler takes the cores of who types. Without it the slowest keystrokes of a young server are
// a third shorter (13 instead of 19 ms in the bench), and those of one that has run for long are 10 ms instead of 8.
setFlagsFromString('--no-turbofan');

// --stdio, --node-ipc or --pipe on the command line choose the transport.
startServer(createConnection(ProposedFeatures.all));
