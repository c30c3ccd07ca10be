/** The window's entry: finds the way to the CA and shows the window. */
// First: it tells zod not to compile with Function(), before anything builds a schema.
import { connect } from './bridge/connect.ts';
import { createClient } from './bridge/client.ts';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BridgeProvider } from './bridge/react.tsx';
import { theme } from './design/theme.ts';
import { App } from './shell/App.tsx';
import { preloadPages } from './shell/pages.tsx';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './design/global.css';

// The page's policy lets in only style elements with this load's nonce: Mantine's own, and those that its dialogs add through get-nonce.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
if (nonce !== '') setNonce(nonce);

const client = createClient();

preloadPages();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}>
        <BridgeProvider bridge={connect()}>
          <App />
        </BridgeProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
