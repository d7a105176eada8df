import { init } from '@railhead/connect';
import './style.css';

const button = document.querySelector<HTMLButtonElement>('#connect')!;
const state = document.querySelector<HTMLElement>('#state')!;

const connect = await init(import.meta.env.VITE_RAILHEAD_WIDGET_ID ?? 'wid_demo_sandbox', 'Harbor Coffee Ltd', {
  apiUrl: import.meta.env.VITE_RAILHEAD_URL ?? 'http://localhost:4400',
  open: false,
  theme: { primary: '#8a3b12' },
  onConnect: ({ serviceName, account }) => {
    state.textContent = `${account?.name ?? serviceName} is connected.`;
  },
  onError: ({ code }) => console.warn('Railhead Connect:', code),
});

button.addEventListener('click', () => connect?.open());
