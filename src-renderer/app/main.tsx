import { createRoot } from 'react-dom/client';
import { startLive } from '../lib/live';
import { App } from './app';
import './global.css';

startLive();
createRoot(document.getElementById('root') as HTMLElement).render(<App />);
