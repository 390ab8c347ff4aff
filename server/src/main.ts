import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from './lsp/server.ts';

// --stdio, --node-ipc or --pipe on the command line choose the transport.
startServer(createConnection(ProposedFeatures.all));
