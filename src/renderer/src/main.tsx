/** The window's entry: finds the way to the CA and shows the first page. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './bridge/connect.ts';
import { StatusPage } from './features/overview/StatusPage.tsx';
import './design/page.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <StatusPage bridge={connect()} />
  </StrictMode>,
);
